package repscorer.benchmarks.proofs;

import com.sun.management.ThreadMXBean;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import repscorer.benchmarks.proof.Proof;
import repscorer.core.experiment.Assigner;
import repscorer.core.experiment.Bucketing;
import repscorer.core.experiment.Eligibility;
import repscorer.core.experiment.Experiment;
import repscorer.core.experiment.HoldOuts;
import repscorer.core.experiment.Schedule;
import repscorer.core.experiment.Traits;
import repscorer.core.experiment.Variant;

/**
 * One unit is assigned in one experiment that has a ramp, by each bucketing: what that takes of one processor, and what it allocates
 * beside its result, a list of one. The best of several rounds, for the machine has other things to do.
 */
final class AssignmentProof implements Proof {

    private static final int UNITS = 100_000;
    private static final int ROUNDS = 30;
    private static final double NANOS_MAX = 1_000;

    /** A list of one, aligned. */
    private static final double BYTES_MAX = 24;

    @Override
    public String name() {
        return "assignment";
    }

    @Override
    public String claim() {
        return "a unit is assigned in at most 1 µs of CPU, and nothing is allocated beside the result (seconds)";
    }

    @Override
    public boolean holds(PrintStream out) {
        String[] units = new String[UNITS];
        for (int i = 0; i < UNITS; i++) {
            units[i] = "user:" + i;
        }
        StringBuilder told = new StringBuilder();
        boolean holds = true;
        for (Bucketing bucketing :
                EnumSet.complementOf(EnumSet.of(Bucketing.OPENFEATURE))) { // which waits for another system
            Cost cost = best(assigner(bucketing), units);
            holds &= cost.nanos <= NANOS_MAX && cost.bytes <= BYTES_MAX;
            told.append(String.format(
                    Locale.ROOT,
                    "%s%s %.0f ns, %.1f bytes",
                    told.isEmpty() ? "" : "; ",
                    bucketing.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    cost.nanos,
                    cost.bytes));
        }
        out.println("an assignment takes: " + told);
        return holds;
    }

    /** Of one assignment. */
    private record Cost(double nanos, double bytes) {}

    private static Cost best(Assigner assigner, String[] units) {
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Traits traits = new Traits(Set.of("user"), Map.of("country", "de"));
        long now = System.currentTimeMillis();
        Cost best = new Cost(Double.MAX_VALUE, Double.MAX_VALUE);
        for (int round = 0; round < ROUNDS; round++) {
            long bytes = thread.getCurrentThreadAllocatedBytes();
            long nanos = thread.getCurrentThreadCpuTime();
            int assigned = 0;
            for (String unit : units) {
                assigned += assigner.assign("follow", unit, traits, now).size();
            }
            nanos = thread.getCurrentThreadCpuTime() - nanos;
            bytes = thread.getCurrentThreadAllocatedBytes() - bytes;
            if (assigned == 0) {
                throw new IllegalStateException("nobody was assigned");
            }
            best = new Cost(
                    Math.min(best.nanos, nanos / (double) units.length),
                    Math.min(best.bytes, bytes / (double) units.length));
        }
        return best;
    }

    private static Assigner assigner(Bucketing bucketing) {
        Schedule ramp = new Schedule(
                Optional.empty(), Optional.empty(), List.of(new Schedule.Step(Instant.EPOCH, 9_900, Map.of())));
        return new Assigner(
                List.of(new Experiment(
                        "blend",
                        "follow",
                        "ranking",
                        "salt",
                        bucketing,
                        0,
                        Experiment.BUCKETS,
                        List.of(new Variant("control", 50, Map.of()), new Variant("treatment", 50, Map.of())),
                        true,
                        ramp,
                        new Eligibility(Set.of("user"), Map.of("country", Set.of("de", "at"))),
                        Map.of("user:qa", "treatment"))),
                HoldOuts.NONE);
    }
}
