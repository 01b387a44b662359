package repscorer.core.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import repscorer.core.drift.DriftOptions;
import repscorer.core.drift.ReleaseDrift;
import repscorer.core.drift.SpaceDrift;
import repscorer.core.store.Release.IndexCheck;
import repscorer.core.store.Snapshot;
import repscorer.core.store.SpaceVersion;
import repscorer.core.store.gate.GateResult;

/**
 * Holds a release to all gates. Costs a look-up of every id of the live release, and a search of both releases for each drawn id;
 * spaces that are what they were cost nothing.
 */
public final class ReleaseGates {

    private static final List<Gate> GATES = List.of(
            SpaceGates::counts,
            SpaceGates::coverage,
            SpaceGates::norms,
            SpaceGates::neighbours,
            SpaceGates::rows,
            IndexGates::recall,
            IndexGates::unreachable,
            IndexGates::codes,
            HeldOutGate::recall);

    private ReleaseGates() {}

    /**
     * What was measured, in the order of the gates; the draws are the same for the same releases.
     *
     * @param live what it is compared with; where it is empty, what compares is left out
     * @param next the spaces that were made for the release, and those that it is to carry over
     * @param checks what was measured of its indexes
     * @param edges that surfaces are to find
     * @param answers of both releases
     */
    public static List<GateResult> of(
            Snapshot live,
            Snapshot next,
            List<IndexCheck> checks,
            GateOptions options,
            HeldOutEdges edges,
            ReleaseAnswers answers) {
        List<SpaceDrift> drift = ReleaseDrift.of(
                        live,
                        changed(live, next),
                        List.of(),
                        (release, surface, source, k) -> List.of(),
                        new DriftOptions(options.sample(), 0, DriftOptions.SEED_DEFAULT))
                .spaces();
        Gate.Held held = new Gate.Held(live, next, checks, drift, options, edges, answers);
        List<GateResult> results = new ArrayList<>();
        GATES.forEach(gate -> results.addAll(gate.measure(held)));
        return results;
    }

    private static Snapshot changed(Snapshot live, Snapshot next) {
        Map<String, SpaceVersion> changed = new TreeMap<>();
        for (SpaceVersion version : next.spaces()) {
            String name = version.space().name();
            boolean same = live.space(name)
                    .filter(before -> before.version().equals(version.version()))
                    .isPresent();
            if (!same) {
                changed.put(name, version);
            }
        }
        return new Snapshot(next.release(), changed);
    }
}
