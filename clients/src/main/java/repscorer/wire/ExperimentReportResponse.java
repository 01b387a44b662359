package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of {@code GET /v1/experiments/{experiment}/report}: what came of an experiment.
 *
 * @param state what is to be done: no-data, mismatch, stop, winner, control or undecided
 * @param verdict the same in a sentence
 * @param control the variant that others are compared with
 * @param goal the kind of outcome that decides; absent where the log has none
 * @param confidence of each interval, such as 0.95
 * @param answers under the experiment, those that variants share not counted
 * @param from the first answer's time, in UTC; absent where there is none
 * @param to the last answer's time, in UTC
 * @param crossed units that were in several variants and count for none
 * @param variants each with who saw it, by name
 * @param sampleRatio whether units are dealt as they should be; absent for fewer than two variants
 * @param metrics of each treatment, the goal's first, guard-rails last
 * @param days the goal's effect at the end of each day
 * @param shared answers that two variants share
 * @param notes what a reader should know
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExperimentReportResponse(
        String experiment,
        String state,
        String verdict,
        String control,
        @Nullable String goal,
        double confidence,
        long answers,
        @Nullable String from,
        @Nullable String to,
        long crossed,
        List<ExposedBody> variants,
        @Nullable SampleRatioBody sampleRatio,
        List<MetricBody> metrics,
        List<DayBody> days,
        List<SharedBody> shared,
        List<String> notes) {

    /**
     * One variant.
     *
     * @param units that were exposed
     * @param answers that they were given
     * @param dueShare the share of units that is due by the weights
     * @param share the share of units that it has
     * @param millisMedian half of its answers took longer
     * @param millisP99 a hundredth of its answers took longer
     */
    public record ExposedBody(
            String variant,
            long units,
            long answers,
            double dueShare,
            double share,
            double millisMedian,
            double millisP99) {}

    /**
     * Whether units are dealt as they should be.
     *
     * @param chiSquare Pearson's
     * @param pValue of it, for one look
     * @param anytime a p-value for as many looks as one likes
     */
    public record SampleRatioBody(double chiSquare, double pValue, double anytime) {}

    /**
     * One metric of a treatment.
     *
     * @param metric its name, such as follow per unit
     * @param treatment the variant that is compared with the control
     * @param adjusted whether what units did before was taken out
     * @param margin for a guard-rail, how much of a rise is let pass
     * @param broken whether a guard-rail is broken beyond doubt
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record MetricBody(
            String metric,
            String treatment,
            EffectBody effect,
            boolean adjusted,
            @Nullable Double margin,
            boolean broken) {}

    /**
     * A difference.
     *
     * @param control the control's value
     * @param treatment the treatment's value
     * @param difference treatment minus control
     * @param low the least difference, for one look; absent where nothing bounds it
     * @param high the greatest difference, for one look
     * @param anytimeLow the least difference, for as many looks as one likes
     * @param anytimeHigh the greatest difference, for as many looks as one likes
     * @param pValue for one look
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record EffectBody(
            double control,
            double treatment,
            double difference,
            @Nullable Double low,
            @Nullable Double high,
            @Nullable Double anytimeLow,
            @Nullable Double anytimeHigh,
            double pValue) {}

    /**
     * The goal's effect over all answers until the end of a day.
     *
     * @param day in UTC
     * @param treatment the variant that is compared with the control
     */
    public record DayBody(String day, String treatment, EffectBody effect) {}

    /**
     * Answers that two variants share.
     *
     * @param variant whose share of the credit is told
     * @param units that answers went to
     * @param answers that were shared
     * @param share of the credit of both
     * @param low the least share, for one look; absent where nothing bounds it
     * @param high the greatest share, for one look
     * @param anytimeLow the least share, for as many looks as one likes
     * @param anytimeHigh the greatest share, for as many looks as one likes
     * @param least the least distance from one half that so many units find in four of five cases
     * @param abTimes how many times as many answers an A/B test would take, estimated; absent where nothing is known of it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record SharedBody(
            String variant,
            long units,
            long answers,
            double share,
            @Nullable Double low,
            @Nullable Double high,
            @Nullable Double anytimeLow,
            @Nullable Double anytimeHigh,
            @Nullable Double least,
            @Nullable Double abTimes) {}
}
