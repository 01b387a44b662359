package repscorer.api.releases;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import repscorer.core.codes.CodesLoss;
import repscorer.core.store.Release;
import repscorer.core.store.Release.IndexCheck;
import repscorer.core.store.gate.Verdict;
import repscorer.wire.ReleaseBody;
import repscorer.wire.ReleaseBody.ForcedBody;
import repscorer.wire.ReleaseBody.GateBody;

/** Makes bodies of releases. */
final class ReleaseBodies {

    private ReleaseBodies() {}

    static ReleaseBody of(Release release) {
        Verdict verdict = release.verdict();
        return new ReleaseBody(
                release.name(),
                release.state().name(),
                release.publishedAt().toString(),
                release.versions(),
                checks(release.checks()),
                release.rejection().orElse(null),
                release.carried().isEmpty() ? null : release.carried(),
                release.pinned() ? true : null,
                verdict.gates().isEmpty() ? null : gates(verdict),
                verdict.forced()
                        .map(forced -> new ForcedBody(
                                forced.by(), forced.reason(), forced.at().toString()))
                        .orElse(null));
    }

    /** By what was measured and of which space. */
    static Map<String, Double> checks(List<IndexCheck> checks) {
        Map<String, Double> byName = new TreeMap<>();
        for (IndexCheck check : checks) {
            check.recall()
                    .ifPresent(recall -> byName.put(ReleaseBody.recallOf(IndexCheck.NEIGHBORS, check.space()), recall));
            check.unreachable().ifPresent(rows -> byName.put("unreachable of " + check.space(), (double) rows));
            check.codes().ifPresent(loss -> {
                byName.put("codes-error of " + check.space(), loss.error());
                byName.put("codes-recall@%s of %s".formatted(CodesLoss.NEIGHBORS, check.space()), loss.recall());
            });
        }
        return byName;
    }

    private static List<GateBody> gates(Verdict verdict) {
        return verdict.gates().stream()
                .map(gate -> new GateBody(
                        gate.gate(), gate.place(), gate.value(), finite(gate.min()), finite(gate.max()), gate.passed()))
                .toList();
    }

    private static @Nullable Double finite(double bound) {
        return Double.isInfinite(bound) ? null : bound;
    }
}
