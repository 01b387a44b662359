package repscorer.analysis;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import repscorer.analysis.statistics.CreditShare;
import repscorer.analysis.statistics.Effect;
import repscorer.analysis.statistics.SampleRatio;

/**
 * What came of an experiment. Immutable.
 *
 * @param control the variant that others are compared with
 * @param goal the kind of outcome that decides; empty where the log has none
 * @param answers given under the experiment, interleaved ones not counted
 * @param from the first answer's time; empty where there is none
 * @param to the last answer's time
 * @param crossed units that were in several variants; they count for none
 * @param ratio whether units are dealt as they should be; empty for fewer than two variants
 * @param metrics for each treatment, the goal's first, guard-rails last
 * @param days the goal's effect at the end of each day, for each treatment
 * @param interleaved of answers that two variants share, by the second one's name
 * @param notes what a reader should know
 */
public record ExperimentReport(
        String experiment,
        String control,
        Optional<String> goal,
        double alpha,
        long answers,
        Optional<Instant> from,
        Optional<Instant> to,
        long crossed,
        List<VariantSummary> variants,
        Optional<SampleRatio> ratio,
        List<MetricEffect> metrics,
        List<DayEffect> days,
        List<Interleaved> interleaved,
        Verdict verdict,
        List<String> notes) {

    public ExperimentReport {
        variants = List.copyOf(variants);
        metrics = List.copyOf(metrics);
        days = List.copyOf(days);
        interleaved = List.copyOf(interleaved);
        notes = List.copyOf(notes);
    }

    /**
     * One variant.
     *
     * @param units that were exposed
     * @param dueShare of units, by weights
     * @param millisMedian of its answers, to a fiftieth
     * @param millisP99 a hundredth of its answers took longer, to a fiftieth
     */
    public record VariantSummary(
            String variant, long units, long answers, double dueShare, double millisMedian, double millisP99) {}

    /**
     * One metric of a treatment.
     *
     * @param adjusted whether what units did before was taken out
     * @param margin for a guard-rail, how much of a rise is let pass; empty for what is no guard-rail
     */
    public record MetricEffect(
            String metric, String treatment, Effect effect, boolean adjusted, Optional<Double> margin) {

        /** Whether a guard-rail is broken beyond doubt, however often one looked. */
        public boolean broken() {
            return margin.isPresent() && effect.anytime().low() > margin.orElseThrow();
        }
    }

    /** The goal's effect over all answers until the end of a day. */
    public record DayEffect(LocalDate day, String treatment, Effect effect) {}

    /**
     * Answers that two variants share.
     *
     * @param second the variant whose share is told, beside the control
     * @param abTimes how many times as many answers an A/B test of the same units would take; 0 where nothing is known of it
     */
    public record Interleaved(String second, long answers, CreditShare credit, double abTimes) {}

    /** What is to be done. */
    public enum State {
        /** The log has no answers under two variants. */
        NO_DATA,
        /** Units are not dealt as they should be: nothing that follows can be trusted. */
        MISMATCH,
        /** A variant breaks a guard-rail. */
        STOP,
        /** A treatment is better than the control. */
        WINNER,
        /** Every treatment is worse than the control. */
        CONTROL,
        /** Not known yet. */
        UNDECIDED
    }

    /** @param sentence for whoever decides */
    public record Verdict(State state, String sentence) {}
}
