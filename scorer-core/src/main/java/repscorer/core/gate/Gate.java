package repscorer.core.gate;

import java.util.List;
import repscorer.core.drift.SpaceDrift;
import repscorer.core.store.Release.IndexCheck;
import repscorer.core.store.Snapshot;
import repscorer.core.store.gate.GateResult;

/** One kind of thing that a release is held to. A new one is a line in {@link ReleaseGates}. */
@FunctionalInterface
interface Gate {

    /**
     * A release that is to go live.
     *
     * @param live what it is compared with; empty where nothing is live
     * @param next its own spaces, and those that it is to carry over
     * @param checks what was measured of its indexes
     * @param drift of the spaces that both have and that differ
     * @param edges that surfaces are to find
     * @param answers of both releases
     */
    record Held(
            Snapshot live,
            Snapshot next,
            List<IndexCheck> checks,
            List<SpaceDrift> drift,
            GateOptions options,
            HeldOutEdges edges,
            ReleaseAnswers answers) {}

    /** What was measured, with its bounds; nothing where there is nothing to measure. */
    List<GateResult> measure(Held held);
}
