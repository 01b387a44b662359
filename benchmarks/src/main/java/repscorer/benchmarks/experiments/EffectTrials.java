package repscorer.benchmarks.experiments;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import repscorer.analysis.statistics.ArmEstimate;
import repscorer.analysis.statistics.Effect;
import repscorer.analysis.statistics.PairMoments;
import repscorer.analysis.statistics.SampleRatio;
import repscorer.testing.SimulatedExperiment;

/** A/B tests run again and again, the truth of each known. */
final class EffectTrials {

    private static final double ALPHA = .05;
    private static final int UNITS = 1_000;
    private static final double VISITS = 4;
    private static final double LIFT = .1;

    private static final int DAYS = 60;
    private static final int DAILY_UNITS = 500;
    private static final double DAILY_CHANCE = .3;

    private EffectTrials() {}

    /**
     * How often intervals of 95 % held the truth.
     *
     * @param mean per unit
     * @param ratio per answer, by the delta method
     * @param adjusted per unit, by what units did before
     * @param adjustedWidth of the adjusted intervals, by that of those per unit
     */
    record Coverage(double mean, double ratio, double adjusted, double adjustedWidth) {}

    static Coverage coverage(RandomGenerator random, int runs) {
        int mean = 0;
        int ratio = 0;
        int adjusted = 0;
        double width = 0;
        double adjustedWidth = 0;
        for (int run = 0; run < runs; run++) {
            SimulatedExperiment drawn = new SimulatedExperiment(random, UNITS, VISITS, LIFT);
            Effect perUnit = perUnit(drawn);
            Effect perAnswer = perAnswer(drawn);
            List<ArmEstimate> arms = ArmEstimate.adjusted(List.of(moments(drawn, drawn.before)));
            Effect byBefore = Effect.of(arms.getFirst(), arms.getLast(), ALPHA, UNITS * VISITS);
            mean += perUnit.interval().contains(drawn.effectPerUnit()) ? 1 : 0;
            ratio += perAnswer.interval().contains(drawn.effectPerAnswer()) ? 1 : 0;
            adjusted += byBefore.interval().contains(drawn.effectPerUnit()) ? 1 : 0;
            width += perUnit.error();
            adjustedWidth += byBefore.error();
        }
        double all = runs;
        return new Coverage(mean / all, ratio / all, adjusted / all, adjustedWidth / width);
    }

    /**
     * How often a test of two equal variants, looked at daily for 60 days, was called at any look.
     *
     * @param anytime by the confidence sequence
     * @param once by intervals that are meant for one look
     */
    record Alarms(double anytime, double once) {}

    /** The same units come back every day, which is where looks differ most from those of new units. */
    static Alarms alarms(RandomGenerator random, int runs) {
        int anytime = 0;
        int once = 0;
        for (int run = 0; run < runs; run++) {
            SimulatedExperiment drawn = new SimulatedExperiment(random, DAILY_UNITS, 1, 0);
            boolean byAnytime = false;
            boolean byOnce = false;
            for (int day = 0; day < DAYS; day++) {
                drawn.oneMoreDay(DAILY_CHANCE);
                for (Effect effect : List.of(perUnit(drawn), perAnswer(drawn))) {
                    byAnytime |= !effect.anytime().contains(0);
                    byOnce |= !effect.interval().contains(0);
                }
            }
            anytime += byAnytime ? 1 : 0;
            once += byOnce ? 1 : 0;
        }
        return new Alarms(anytime / (double) runs, once / (double) runs);
    }

    /** How often the sample-ratio test finds that of {@code units} dealt half and half the share {@code leak} is counted on the wrong side. */
    static double leaksFound(
            RandomGenerator random, int runs, int units, double leak, ToDoubleFunction<SampleRatio> p) {
        int found = 0;
        for (int run = 0; run < runs; run++) {
            long[] counts = new long[2];
            for (int i = 0; i < units; i++) {
                counts[random.nextDouble() < .5 + leak ? 0 : 1]++;
            }
            found += p.applyAsDouble(SampleRatio.of(counts, new double[] {1, 1})) < SampleRatio.SUSPICIOUS ? 1 : 0;
        }
        return found / (double) runs;
    }

    private static Effect perUnit(SimulatedExperiment drawn) {
        PairMoments[] arms = moments(drawn, drawn.before);
        return Effect.of(ArmEstimate.mean(arms[0]), ArmEstimate.mean(arms[1]), ALPHA, answers(drawn));
    }

    private static Effect perAnswer(SimulatedExperiment drawn) {
        PairMoments[] arms = moments(drawn, drawn.answers);
        return Effect.of(ArmEstimate.ratio(arms[0]), ArmEstimate.ratio(arms[1]), ALPHA, answers(drawn));
    }

    private static double answers(SimulatedExperiment drawn) {
        double sum = 0;
        for (double answers : drawn.answers) {
            sum += answers;
        }
        return sum;
    }

    private static PairMoments[] moments(SimulatedExperiment drawn, double[] x) {
        PairMoments[] arms = {new PairMoments(), new PairMoments()};
        for (int i = 0; i < x.length; i++) {
            arms[drawn.variants[i]].add(x[i], drawn.actions[i]);
        }
        return arms;
    }
}
