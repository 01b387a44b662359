package repscorer.api.drift;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import repscorer.api.mapping.Distributions;
import repscorer.core.drift.Distribution;
import repscorer.core.drift.DriftReport;
import repscorer.core.drift.ListDrift;
import repscorer.core.drift.SpaceDrift;
import repscorer.core.drift.SurfaceDrift;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.embedding.TextSpace;
import repscorer.core.entity.EntityId;
import repscorer.wire.ComparisonResponse;
import repscorer.wire.ComparisonResponse.DenseDriftBody;
import repscorer.wire.ComparisonResponse.DistributionBody;
import repscorer.wire.ComparisonResponse.ListDriftBody;
import repscorer.wire.ComparisonResponse.MovedBody;
import repscorer.wire.ComparisonResponse.NeighborDriftBody;
import repscorer.wire.ComparisonResponse.SpaceDriftBody;
import repscorer.wire.ComparisonResponse.SparseDriftBody;
import repscorer.wire.ComparisonResponse.SurfaceDriftBody;
import repscorer.wire.ComparisonResponse.WorstBody;
import repscorer.yaml.JacksonFailures;

/** Writes a report of scorer-core as wire records. */
final class ComparisonBodies {

    private ComparisonBodies() {}

    static ComparisonResponse of(DriftReport report) {
        return new ComparisonResponse(
                report.a(),
                report.b(),
                report.options().sample(),
                report.options().seed(),
                report.onlyA(),
                report.onlyB(),
                report.spaces().stream().map(ComparisonBodies::space).toList(),
                report.surfaces().stream().map(ComparisonBodies::surface).toList());
    }

    private static SpaceDriftBody space(SpaceDrift drift) {
        return new SpaceDriftBody(
                drift.space().name(),
                drift.space().kind().name(),
                form(drift.space()),
                drift.versionA(),
                drift.versionB(),
                drift.shared(),
                drift.onlyA(),
                drift.onlyB(),
                drift.drawn(),
                drift.trainingA().orElse(null),
                drift.trainingB().orElse(null),
                JacksonFailures.wireName(drift.rows()),
                note(drift),
                drift.dense().map(ComparisonBodies::dense).orElse(null),
                drift.sparse().map(ComparisonBodies::sparse).orElse(null),
                drift.neighbors().map(ComparisonBodies::neighbors).orElse(null));
    }

    private static @Nullable String note(SpaceDrift drift) {
        return switch (drift.rows()) {
            case SAME_TRAINING, ENTITIES -> null;
            case UNKNOWN_TRAINING ->
                drift.dense().isPresent()
                        ? "a file names no training: cosine and L2 say something only where one training made both"
                        : "a file names no training: clusters are the same only where one training made both";
            case OTHER_TRAINING ->
                drift.dense().isPresent()
                        ? "two trainings: cosine and L2 say nothing unless the second began with the first; neighbours do"
                        : "two trainings: churn says nothing unless the second began with the first; neighbours do";
            case INCOMPARABLE -> "rows of another dimension or form cannot be compared";
        };
    }

    private static DenseDriftBody dense(SpaceDrift.Dense dense) {
        return new DenseDriftBody(
                spread(dense.cosine()),
                spread(dense.l2()),
                spread(dense.normA()),
                spread(dense.normB()),
                spread(dense.normRatio()));
    }

    private static SparseDriftBody sparse(SpaceDrift.Sparse sparse) {
        return new SparseDriftBody(
                sparse.greatestChanged().orElse(null),
                spread(sparse.jaccard()),
                spread(sparse.l1()),
                spread(sparse.weightRatio()),
                sparse.labelsMoved().orElse(null),
                sparse.relabelled(),
                sparse.moved().stream()
                        .map(each -> new MovedBody(each.id().toString(), each.from(), each.to()))
                        .toList());
    }

    private static NeighborDriftBody neighbors(SpaceDrift.Neighbors neighbors) {
        return new NeighborDriftBody(
                neighbors.drawn(),
                neighbors.exact(),
                neighbors.lists().stream().map(ComparisonBodies::list).toList());
    }

    private static SurfaceDriftBody surface(SurfaceDrift drift) {
        return new SurfaceDriftBody(
                drift.surface(),
                drift.sources(),
                drift.unansweredA(),
                drift.unansweredB(),
                drift.reason().orElse(null),
                drift.answers().map(ComparisonBodies::list).orElse(null),
                drift.worst().stream()
                        .map(each -> new WorstBody(
                                each.source().toString(),
                                each.overlap(),
                                each.rankBiasedOverlap(),
                                ids(each.a()),
                                ids(each.b())))
                        .toList());
    }

    private static List<String> ids(List<EntityId> ids) {
        return ids.stream().map(EntityId::toString).toList();
    }

    private static ListDriftBody list(ListDrift list) {
        return new ListDriftBody(
                list.k(), Distributions.body(list.overlap()), Distributions.body(list.rankBiasedOverlap()));
    }

    private static @Nullable DistributionBody spread(Optional<Distribution> distribution) {
        return distribution.map(Distributions::body).orElse(null);
    }

    private static String form(Space space) {
        return switch (space) {
            case DenseSpace dense -> "dense";
            case SparseSpace sparse -> "sparse";
            case TextSpace text -> "text";
        };
    }
}
