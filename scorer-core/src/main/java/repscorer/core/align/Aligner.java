package repscorer.core.align;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import repscorer.core.align.Alignment.Fit;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.vector.Metric;

/**
 * Fits maps between the coordinates of two trainings. O(sample · dimension²) and the learning of a network; judged by exact searches.
 * Ends early where the time of the request that asks is over.
 */
public final class Aligner {

    private static final int HELD_OUT_MAX = 2_000;
    private static final int HELD_OUT_ONE_IN = 5;

    /** Fewer shared ids say nothing; and a map has dimension² values. */
    private static final int SHARED_MIN = 100;

    /** What is kept finds so many times as much as rows drawn at random would. */
    private static final double TIMES_CHANCE = 5;

    /** By how much recall must be better for a map that costs more. */
    private static final double WORTH = 0.002;

    /** Hidden units times values of a row: what keeps a mapped row within two microseconds. */
    private static final int HIDDEN_VALUES = 1 << 14;

    private static final int HIDDEN_MIN = 32;
    private static final int HIDDEN_MAX = 256;

    private Aligner() {}

    /**
     * The alignment of a model.
     *
     * @param a rows of its dense spaces in the first version
     * @param b of the same spaces in the second one, in the same order
     * @throws Conflict when too few ids are shared, or recall on held-out ones is under the least; nothing is kept then
     */
    public static Alignment align(
            String model,
            Coordinates from,
            List<AlignedRows> a,
            Coordinates to,
            List<AlignedRows> b,
            AlignmentOptions options) {
        boolean directions = Stream.concat(a.stream(), b.stream())
                .allMatch(rows -> rows.index().metric() == Metric.COSINE);
        SharedIds ids = SharedIds.draw(a, b, options.sample(), options.seed());
        int dimension = Math.max(a.getFirst().dimension(), b.getFirst().dimension());
        int least = Math.max(SHARED_MIN, 2 * dimension);
        if (ids.shared() < least) {
            throw new Conflict(
                    "too-few-shared-ids",
                    "an alignment of %s values needs %s shared ids at least: model=%s has %s in %s and %s"
                            .formatted(dimension, least, model, ids.shared(), from.release(), to.release()));
        }
        int held = Math.min(HELD_OUT_MAX, ids.drawn() / HELD_OUT_ONE_IN);
        Pairs pairs = ids.pairs(a, b, held, ids.drawn(), directions);
        Map<AlignmentMethod, Adapter> forward = fit(pairs, directions, options);
        Map<AlignmentMethod, Adapter> backward = fit(pairs.reversed(), directions, options);
        HeldOutRecall ahead = new HeldOutRecall(a, b, ids, 0, held);
        HeldOutRecall back = new HeldOutRecall(b, a, ids.reversed(), 0, held);
        List<Fit> fits = new ArrayList<>();
        forward.forEach(
                (method, adapter) -> fits.add(new Fit(method, ahead.of(adapter), back.of(of(backward, method)))));
        AlignmentMethod kept = options.method().orElseGet(() -> best(fits));
        Alignment alignment = new Alignment(
                model,
                from,
                to,
                ids.shared(),
                pairs.count(),
                held,
                options.seed(),
                fits,
                of(forward, kept),
                of(backward, kept));
        checkRecall(alignment, options.recallMin());
        return alignment;
    }

    private static Map<AlignmentMethod, Adapter> fit(Pairs pairs, boolean directions, AlignmentOptions options) {
        Map<AlignmentMethod, Adapter> fitted = new EnumMap<>(AlignmentMethod.class);
        AlignmentMethod last = options.method().orElse(AlignmentMethod.RESIDUAL);
        fitted.put(AlignmentMethod.PROCRUSTES, LinearFits.procrustes(pairs, directions));
        if (last != AlignmentMethod.PROCRUSTES) {
            Adapter affine = LinearFits.affine(pairs, directions);
            fitted.put(AlignmentMethod.AFFINE, affine);
            if (last != AlignmentMethod.AFFINE) {
                int hidden = Math.clamp(HIDDEN_VALUES / pairs.out(), HIDDEN_MIN, HIDDEN_MAX);
                fitted.put(AlignmentMethod.RESIDUAL, ResidualTrainer.train(affine, pairs, hidden, options.seed()));
            }
        }
        return fitted;
    }

    private static Adapter of(Map<AlignmentMethod, Adapter> fitted, AlignmentMethod method) {
        Adapter adapter = fitted.get(method);
        if (adapter == null) {
            throw new IllegalStateException("both directions are fitted by the same methods: " + method);
        }
        return adapter;
    }

    private static AlignmentMethod best(List<Fit> fits) {
        Fit best = fits.getFirst();
        for (Fit each : fits) {
            best = each.recall() > best.recall() + WORTH ? each : best;
        }
        return best.method();
    }

    private static void checkRecall(Alignment alignment, double recallMin) {
        Fit kept = alignment.kept();
        // Among few rows much is found by chance.
        double least = Math.max(recallMin, TIMES_CHANCE * Alignment.NEIGHBORS / alignment.shared());
        if (kept.recallMin() < least) {
            throw new Conflict(
                    "alignment-recall-too-low",
                    String.format(
                            Locale.ROOT,
                            "neighbours of shared ids do not agree, so that nothing is kept: mapped rows of held-out ids find %.4f of"
                                    + " the nearest %d (model=%s, %s to %s) and %.4f back, at least %s are asked for; either ids"
                                    + " are mixed up, or the trainings have too little in common",
                            kept.forward().recall(),
                            Alignment.NEIGHBORS,
                            alignment.model(),
                            alignment.from().release(),
                            alignment.to().release(),
                            kept.backward().recall(),
                            least));
        }
    }
}
