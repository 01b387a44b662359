package repscorer.benchmarks.experiments;

import java.util.random.RandomGenerator;
import repscorer.analysis.statistics.ArmEstimate;
import repscorer.analysis.statistics.CreditShare;
import repscorer.analysis.statistics.Effect;
import repscorer.analysis.statistics.PairMoments;
import repscorer.testing.SimulatedTaste;

/** Two rankers, the second a little better, told apart by an A/B test and by interleaved answers. */
final class InterleavingTrials {

    private static final double NOISE_A = 1.5;
    private static final double NOISE_B = .75;
    private static final int ANSWERS_PER_UNIT = 30;
    private static final double ALPHA = .05;

    private InterleavingTrials() {}

    /** How often an A/B test over so many units finds the better ranker, by clicks per answer. */
    static double abPower(RandomGenerator random, int runs, int units) {
        SimulatedTaste taste = new SimulatedTaste(random, NOISE_A, NOISE_B);
        int found = 0;
        for (int run = 0; run < runs; run++) {
            PairMoments[] arms = {new PairMoments(), new PairMoments()};
            for (int unit = 0; unit < units; unit++) {
                double readiness = taste.readiness();
                int arm = random.nextInt(2);
                int clicks = 0;
                for (int i = 0; i < ANSWERS_PER_UNIT; i++) {
                    SimulatedTaste.Clicks each = taste.answered(readiness, arm == 1);
                    clicks += each.a() + each.b();
                }
                arms[arm].add(ANSWERS_PER_UNIT, clicks);
            }
            Effect effect = Effect.of(ArmEstimate.ratio(arms[0]), ArmEstimate.ratio(arms[1]), ALPHA, units);
            found += effect.interval().low() > 0 ? 1 : 0;
        }
        return found / (double) runs;
    }

    /** How often interleaved answers to so many units find it, by the second ranker's share of clicks. */
    static double interleavedPower(RandomGenerator random, int runs, int units, boolean equal) {
        SimulatedTaste taste = new SimulatedTaste(random, NOISE_A, equal ? NOISE_A : NOISE_B);
        int found = 0;
        for (int run = 0; run < runs; run++) {
            PairMoments credits = new PairMoments();
            for (int unit = 0; unit < units; unit++) {
                double readiness = taste.readiness();
                int all = 0;
                int second = 0;
                for (int i = 0; i < ANSWERS_PER_UNIT; i++) {
                    SimulatedTaste.Clicks each = taste.interleaved(readiness);
                    all += each.a() + each.b();
                    second += each.b();
                }
                credits.add(all, second);
            }
            found += CreditShare.of(credits, ALPHA, units).interval().low() > .5 ? 1 : 0;
        }
        return found / (double) runs;
    }
}
