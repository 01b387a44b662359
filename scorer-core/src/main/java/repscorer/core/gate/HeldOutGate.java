package repscorer.core.gate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import repscorer.core.entity.EntityId;
import repscorer.core.gate.Gate.Held;
import repscorer.core.store.Snapshot;
import repscorer.core.store.gate.GateResult;

/** What surfaces find of held-out edges, beside what they find in the live release. */
final class HeldOutGate {

    /*
     * Recall as an evaluation has it: the share of a source's held-out candidates that are among the best k, averaged over sources.
     * A source that a release cannot answer finds nothing. Sources are drawn by the hash of their ids, so that releases and
     * publications are asked the same.
     */

    /** Of fewer sources nothing is told: their mean says little. */
    static final int SOURCES_MIN = 20;

    private HeldOutGate() {}

    static List<GateResult> recall(Held held) {
        HeldOutOptions options = held.options().heldOut();
        List<GateResult> results = new ArrayList<>();
        new TreeMap<>(held.edges().bySurface()).forEach((surface, edges) -> {
            List<EntityId> sources = drawn(edges.keySet(), options.sources());
            if (sources.size() < SOURCES_MIN) {
                return;
            }
            double next = recall(held, held.next(), surface, edges, sources);
            results.add(GateResult.atLeast("held-out@" + options.k(), surface, next, Double.NEGATIVE_INFINITY));
            double live = held.live().isEmpty() ? 0 : recall(held, held.live(), surface, edges, sources);
            if (live > 0) {
                results.add(GateResult.atLeast("held-out-kept", surface, next / live, options.recallMin()));
            }
        });
        return results;
    }

    private static List<EntityId> drawn(Collection<EntityId> ids, int count) {
        return ids.stream()
                .sorted(Comparator.comparingInt(
                                (EntityId id) -> Integer.reverse(id.toString().hashCode() * 0x9e3779b9))
                        .thenComparing(id -> id))
                .limit(count)
                .toList();
    }

    private static double recall(
            Held held, Snapshot release, String surface, Map<EntityId, Set<EntityId>> edges, List<EntityId> sources) {
        int k = held.options().heldOut().k();
        double sum = 0;
        for (EntityId source : sources) {
            Set<EntityId> wanted = edges.getOrDefault(source, Set.of());
            long found = held.answers().best(release, surface, source, k).stream()
                    .filter(wanted::contains)
                    .count();
            sum += (double) found / wanted.size();
        }
        return sum / sources.size();
    }
}
