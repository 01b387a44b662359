package repscorer.benchmarks.experiments;

import java.io.PrintStream;
import java.util.Locale;
import repscorer.analysis.statistics.SampleRatio;
import repscorer.benchmarks.proof.Proof;
import repscorer.testing.Seeds;

/** The analysis of experiments against simulators whose truth is known. Every draw has a fixed seed, so a failure repeats. */
public final class ExperimentsProof implements Proof {

    private static final int RUNS = 2_000;
    private static final long SEED = 20_261_129;

    private static final double COVERAGE_LEAST = .94;
    private static final double ALARMS_MOST = .05;
    private static final int LEAK_UNITS = 100_000;
    private static final double LEAK = .01;
    private static final double LEAKS_FOUND_LEAST = .9;
    private static final int AB_UNITS = 5_000;
    private static final int INTERLEAVED_SHARE = 10;

    private int failures;

    @Override
    public String name() {
        return "experiments";
    }

    @Override
    public String claim() {
        return "intervals cover, daily looks raise no alarm, leaks are found, replay covers, interleaving needs a tenth (minutes)";
    }

    @Override
    public boolean holds(PrintStream out) {
        return holds(out, RUNS);
    }

    /** @param cases runs of the A/B simulator; of the others fewer, in proportion */
    @Override
    public boolean holds(PrintStream out, long cases) {
        int runs = Math.toIntExact(cases);
        failures = 0;
        // Of so few runs a proportion is off by this much, two standard errors.
        double slack = runs >= RUNS ? 0 : 2 * Math.sqrt(.05 * .95 / runs);
        out.println("seed " + SEED);
        EffectTrials.Coverage coverage = EffectTrials.coverage(Seeds.fixed(SEED), runs);
        told(
                out,
                coverage.mean() >= COVERAGE_LEAST - slack,
                "95 %% intervals per unit cover in %.3f of runs",
                coverage.mean());
        told(
                out,
                coverage.ratio() >= COVERAGE_LEAST - slack,
                "… of ratios, by the delta method, in %.3f",
                coverage.ratio());
        told(
                out,
                coverage.adjusted() >= COVERAGE_LEAST - slack && coverage.adjustedWidth() < 1,
                "… adjusted by what units did before in %.3f, at %.2f of the width",
                coverage.adjusted(),
                coverage.adjustedWidth());
        EffectTrials.Alarms alarms = EffectTrials.alarms(Seeds.fixed(SEED + 1), runs);
        told(
                out,
                alarms.anytime() <= ALARMS_MOST + slack,
                "of equal variants looked at daily for 60 days %.3f are called; by intervals for one look %.3f",
                alarms.anytime(),
                alarms.once());
        double found = EffectTrials.leaksFound(
                Seeds.fixed(SEED + 2), Math.max(20, runs / 10), LEAK_UNITS, LEAK, SampleRatio::anytime);
        told(
                out,
                found >= LEAKS_FOUND_LEAST,
                "a hundredth of 100,000 units counted on the wrong side is found in %.3f of runs, at a p-value below %.3f",
                found,
                SampleRatio.SUSPICIOUS);
        PolicyTrials.Scores policies =
                PolicyTrials.run(Seeds.fixed(SEED + 3), Math.max(1, runs / 4), Math.max(20_000, 500 * runs));
        told(
                out,
                Math.min(
                                policies.doublyRobust().covered(),
                                policies.selfNormalised().covered())
                        >= COVERAGE_LEAST - 2 * slack - .02,
                "another plan's value, %.3f: intervals cover in %.3f (weighted), %.3f (self-normalised), %.3f (doubly robust)",
                policies.truth(),
                policies.weighted().covered(),
                policies.selfNormalised().covered(),
                policies.doublyRobust().covered());
        told(
                out,
                policies.doublyRobust().error() < policies.selfNormalised().error()
                        && policies.doublyRobust().error() < policies.weighted().error(),
                "… with errors of %.4f, %.4f and %.4f",
                policies.weighted().error(),
                policies.selfNormalised().error(),
                policies.doublyRobust().error());
        int powers = Math.max(20, runs / 20);
        double ab = InterleavingTrials.abPower(Seeds.fixed(SEED + 4), powers, AB_UNITS);
        int fewer = AB_UNITS / INTERLEAVED_SHARE;
        double interleaved = InterleavingTrials.interleavedPower(Seeds.fixed(SEED + 5), powers, fewer, false);
        double called = InterleavingTrials.interleavedPower(Seeds.fixed(SEED + 6), 5 * powers, fewer, true);
        told(
                out,
                interleaved >= ab && called <= .025 + slack + .02,
                "a better ranker is found in %.3f of A/B tests over %.0f units, in %.3f of interleaved ones over %.0f; an equal one in %.3f",
                ab,
                AB_UNITS,
                interleaved,
                fewer,
                called);
        out.println(failures == 0 ? "all hold" : failures + " fail");
        return failures == 0;
    }

    private void told(PrintStream out, boolean holds, String line, double... figures) {
        Object[] values = new Object[figures.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = figures[i];
        }
        failures += holds ? 0 : 1;
        out.println((holds ? "ok    " : "FAILS ") + String.format(Locale.ROOT, line, values));
    }
}
