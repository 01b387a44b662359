package repscorer.api.decisions;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import repscorer.core.answer.Decided;
import repscorer.core.plan.ColumnPlan;
import repscorer.decisions.ColumnScores.Names;
import repscorer.decisions.KeptPlan;
import repscorer.decisions.PlanFiles;

/** What decisions say of plans lately used: made once for each, and found again. For one thread. */
final class KnownPlans {

    private static final int CACHED = 1_000;

    private final Map<KeptPlan, Known> known = new LinkedHashMap<>(64, .75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<KeptPlan, Known> eldest) {
            return size() > CACHED;
        }
    };

    /** The last one, for a plan that nothing changed is the same object in the next answer. */
    private @Nullable Last last;

    /**
     * What is known of a plan.
     *
     * @param digest of the text, SHA-256
     * @param text not to be changed
     * @param first the columns of the plan
     * @param second those of the other team's plan; the same where there is none
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Known(String digest, byte[] text, Names first, Names second) {}

    private record Last(Decided.Way way, Known known) {

        boolean isOf(Decided decided) {
            return decided.second().isEmpty()
                    && decided.way().plan() == way.plan()
                    && decided.way().exactTopK().equals(way.exactTopK());
        }
    }

    Known of(Decided decided) {
        Last before = last;
        if (before != null && before.isOf(decided)) {
            return before.known;
        }
        Known found = known.computeIfAbsent(KeptPlan.of(decided), plan -> made(plan, decided));
        last = decided.second().isEmpty() ? new Last(decided.way(), found) : null;
        return found;
    }

    private static Known made(KeptPlan plan, Decided decided) {
        byte[] text = plan.toBytes();
        Names first = names(decided.way());
        return new Known(
                PlanFiles.digest(text),
                text,
                first,
                decided.second().map(KnownPlans::names).orElse(first));
    }

    private static Names names(Decided.Way way) {
        return Names.of(way.plan().columns().stream().map(ColumnPlan::name).toArray(String[]::new));
    }
}
