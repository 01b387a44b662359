package repscorer.core.align;

import java.util.Optional;
import repscorer.core.failure.ScorerException.Invalid;

/**
 * How an alignment is fitted.
 *
 * @param method empty for the best one by recall, the simpler one where they are about equal
 * @param space whose ids alone are looked at; empty for those of all dense spaces of the model
 * @param sample ids that are drawn at most, a fifth of them and 2,000 at most to judge by, 500 to {@link #SAMPLE_MAX}
 * @param recallMin the least recall on held-out ids, {@link #RECALL_MIN_LEAST} to 1, in both directions
 * @param seed of the draw and of what is learnt
 */
public record AlignmentOptions(
        Optional<AlignmentMethod> method, Optional<String> space, int sample, double recallMin, long seed) {

    public static final int SAMPLE_DEFAULT = 22_000;
    public static final int SAMPLE_MAX = 100_000;
    public static final double RECALL_MIN_DEFAULT = 0.1;

    /** Rows whose ids are mixed up share no more neighbours than chance has it. */
    public static final double RECALL_MIN_LEAST = 0.02;

    public static final long SEED_DEFAULT = 42;

    public static final AlignmentOptions DEFAULT =
            new AlignmentOptions(Optional.empty(), Optional.empty(), SAMPLE_DEFAULT, RECALL_MIN_DEFAULT, SEED_DEFAULT);

    public AlignmentOptions {
        if (sample < 500 || sample > SAMPLE_MAX) {
            throw new Invalid("sample-out-of-range", "sample", "sample is 500 to %s: %s".formatted(SAMPLE_MAX, sample));
        }
        if (!(recallMin >= RECALL_MIN_LEAST && recallMin <= 1)) {
            throw new Invalid(
                    "recall-min-out-of-range",
                    "recallMin",
                    "recall-min is %s to 1: %s".formatted(RECALL_MIN_LEAST, recallMin));
        }
    }

    /** The method of a word, {@code auto} for the best one. */
    public static Optional<AlignmentMethod> method(String word) {
        Optional<AlignmentMethod> method = AlignmentMethod.of(word);
        if (method.isEmpty() && !word.equals("auto")) {
            throw new Invalid(
                    "unknown-method",
                    "method",
                    "a method is procrustes, affine, residual or auto: '%s'".formatted(word));
        }
        return method;
    }
}
