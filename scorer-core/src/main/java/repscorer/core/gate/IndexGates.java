package repscorer.core.gate;

import java.util.List;
import java.util.OptionalDouble;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.gate.Gate.Held;
import repscorer.core.store.Release.IndexCheck;
import repscorer.core.store.SpaceVersion;
import repscorer.core.store.gate.GateResult;

/** What the store measured of a release's graphs and codes. Graphs that break these never come so far, for nothing would mend them. */
final class IndexGates {

    private IndexGates() {}

    static List<GateResult> recall(Held held) {
        return held.checks().stream()
                .filter(check -> check.recall().isPresent())
                .map(check -> GateResult.atLeast(
                        "recall@" + IndexCheck.NEIGHBORS,
                        check.space(),
                        check.recall().getAsDouble(),
                        floor(held, check.space()).orElse(0)))
                .toList();
    }

    private static OptionalDouble floor(Held held, String space) {
        return held.next().space(space).map(SpaceVersion::space).stream()
                .filter(DenseSpace.class::isInstance)
                .mapToDouble(each -> ((DenseSpace) each).recallMin())
                .findFirst();
    }

    /** What decoded rows lose; it is told after the release was built, and looked at before it goes live. */
    static List<GateResult> codes(Held held) {
        return held.checks().stream()
                .filter(check -> check.codes().isPresent())
                .map(check -> GateResult.atMost(
                        "codes-error",
                        check.space(),
                        check.codes().get().error(),
                        held.options().of(check.space()).codesErrorMax()))
                .toList();
    }

    static List<GateResult> unreachable(Held held) {
        return held.checks().stream()
                .filter(check -> check.unreachable().isPresent())
                .map(check -> GateResult.atMost(
                        "unreachable", check.space(), check.unreachable().getAsInt(), 0))
                .toList();
    }
}
