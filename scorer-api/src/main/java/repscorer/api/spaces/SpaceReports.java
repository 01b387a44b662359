package repscorer.api.spaces;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import repscorer.ann.DenseIndex;
import repscorer.ann.hnsw.HnswIndex;
import repscorer.ann.hnsw.HnswStats;
import repscorer.ann.hnsw.Quantization;
import repscorer.ann.hnsw.QuantizationLoss;
import repscorer.core.store.Release;
import repscorer.core.store.Snapshot;
import repscorer.core.store.SpaceVersion;
import repscorer.wire.SpaceReportBody;
import repscorer.wire.SpaceReportBody.CodeLossBody;
import repscorer.wire.SpaceReportBody.IndexBody;

/** Tells what a version is made of. The first report on a graph counts its links, O(links); it is kept with the file. */
final class SpaceReports {

    private SpaceReports() {}

    /** @param releases in which the version's checks are found */
    static SpaceReportBody of(Snapshot snapshot, SpaceVersion version, List<Release> releases) {
        Optional<Double> recall = releases.stream()
                .filter(release -> release.name().equals(snapshot.release()))
                .flatMap(release -> release.checks().stream())
                .filter(check -> check.space().equals(version.space().name()))
                .flatMap(check -> check.recall().stream().boxed())
                .findFirst();
        Map<String, Long> bytes = version.file().bytes();
        @Nullable
        IndexBody index = version.baseDense()
                .map(dense -> dense(version, dense, recall, bytes))
                .or(() -> version.sparse().map(sparse -> scan("clusters")))
                .orElse(null);
        return new SpaceReportBody(
                version.space().name(),
                snapshot.release(),
                version.version(),
                version.file().training().orElse(null),
                version.count(),
                version.file().count(),
                version.changes(),
                bytes,
                index);
    }

    private static IndexBody scan(String engine) {
        return new IndexBody(engine, null, null, null, null, null, null, null, null);
    }

    private static IndexBody dense(
            SpaceVersion version, DenseIndex index, Optional<Double> recall, Map<String, Long> bytes) {
        if (!(index instanceof HnswIndex graph)) {
            return new IndexBody(index.engine(), null, null, null, null, null, null, null, recall.orElse(null));
        }
        HnswStats stats = version.file().facts().get(HnswStats.class, index, graph::stats);
        bytes.put("links", stats.linkBytes());
        bytes.put("upper links", stats.upperBytes());
        bytes.put("codes", stats.codeBytes());
        QuantizationLoss loss = graph.quantizationLoss();
        return new IndexBody(
                graph.engine(),
                graph.quantization().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                HnswIndex.estimateBytes(
                        graph.count(), graph.dimension(), graph.metric(), graph.parameters(), graph.quantization()),
                stats.levels(),
                Arrays.stream(stats.degrees()).boxed().toList(),
                stats.unreachable(),
                stats.repaired(),
                graph.quantization() == Quantization.NONE || loss.queries() == 0
                        ? null
                        : new CodeLossBody(loss.queries(), loss.errorP99(), loss.recall(), loss.recallReranked()),
                recall.orElse(null));
    }
}
