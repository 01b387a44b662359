package repscorer.training.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import repscorer.ann.HnswParameters;
import repscorer.ann.SparseSearchOptions.Ranking;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.embedding.TextLanguage;
import repscorer.core.embedding.TextSpace;
import repscorer.core.entity.EntityKind;
import repscorer.core.plan.ColumnBuilder;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.Limits;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.similarity.Similarity;
import repscorer.training.graph.Relation;
import repscorer.training.plan.EvaluationPlan;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.TwhinPlan;
import repscorer.training.plan.TwhinPlan.Operator;
import repscorer.vector.Metric;

/** What a release can be asked when it is judged: its spaces, and a surface for each relation with held-out edges. */
final class ReleaseSurfaces {

    /** Models of spaces that nothing is sought in. */
    private static final Set<String> LOOKED_UP = Set.of(SpaceNames.HISTORY_MODEL, SpaceNames.ATTRIBUTES_MODEL);

    private ReleaseSurfaces() {}

    /** The spaces of a release's files, to be searched exactly. */
    static List<Space> spaces(Path release) throws IOException {
        List<Space> spaces = new ArrayList<>();
        try (Stream<Path> files = Files.list(release)) {
            for (Path path : files.sorted().toList()) {
                String name = path.getFileName().toString();
                if (name.endsWith(EmbeddingFile.SUFFIX) && !name.startsWith(".")) { // hidden ones are others
                    spaces.add(space(EmbeddingFile.open(path)));
                }
            }
        }
        return spaces;
    }

    private static Space space(EmbeddingFile file) {
        return switch (file.form()) {
            case DENSE ->
                new DenseSpace(
                        file.space(),
                        file.model(),
                        file.kind(),
                        file.dimension(),
                        metric(file),
                        "exact",
                        HnswParameters.DEFAULT,
                        0,
                        false);
            case SPARSE ->
                new SparseSpace(
                        file.space(),
                        file.model(),
                        file.kind(),
                        Math.max(1, file.dimension()),
                        LOOKED_UP.contains(file.model()) ? 0 : Limits.ITEMS_PER_CLUSTER_MAX,
                        false);
            case TEXT -> new TextSpace(file.space(), file.model(), file.kind(), TextLanguage.ANY, false, false);
        };
    }

    private static Metric metric(EmbeddingFile file) {
        return file.properties().getOrDefault(SpaceNames.COMPARATOR, "cosine").equals("dot")
                ? Metric.INNER_PRODUCT
                : Metric.COSINE;
    }

    private record SparseColumn(String name, String source, String candidate, Similarity similarity, double weight) {

        ColumnPlan plan(EntityKind head, EntityKind tail, int retrieve) {
            ColumnBuilder column = ColumnPlan.sparse(name)
                    .source(head, source)
                    .candidate(tail, candidate)
                    .similarity(similarity)
                    .set(ColumnSetting.RETRIEVE, retrieve)
                    .set(ColumnSetting.ITEMS_PER_CLUSTER, 1000)
                    .set(ColumnSetting.CANDIDATES_MAX, retrieve)
                    .set(ColumnSetting.RANKING, Ranking.DOT)
                    .set(ColumnSetting.WEIGHT, weight);
            return name.equals(Evaluator.SIMCLUSTERS)
                    ? column.build()
                    : column.set(ColumnSetting.CLUSTERS_SCANNED, Limits.CLUSTERS_SCANNED_MAX)
                            .build();
        }
    }

    /** How a relation's candidates are asked for; empty when the release knows neither its heads nor its tails. */
    static Optional<ScoringPlan> surface(TrainingPlan plan, Relation held, List<Space> spaces, int kMax) {
        List<String> names = spaces.stream().map(Space::name).toList();
        EvaluationPlan how = plan.evaluation();
        EntityKind head = held.plan().head();
        EntityKind tail = held.plan().tail();
        EvaluationPlan.Weights weights = how.weights(held.name());
        List<ColumnPlan> columns = new ArrayList<>();
        Operator operator = plan.twhin().map(TwhinPlan::operator).orElse(Operator.TRANSLATION);
        boolean served = operator == Operator.TRANSLATION || operator == Operator.IDENTITY;
        if (served && names.contains(SpaceNames.twhin(head)) && names.contains(SpaceNames.twhin(tail))) {
            boolean dot = plan.twhin().map(TwhinPlan::comparator).orElse(TwhinPlan.Comparator.COSINE)
                    == TwhinPlan.Comparator.DOT;
            columns.add(ColumnPlan.dense(Evaluator.TWHIN)
                    .translations(
                            operator == Operator.TRANSLATION
                                    ? List.of(new ColumnPlan.Translation(
                                            head, tail, SpaceNames.TWHIN_RELATION, held.name()))
                                    : List.of())
                    .source(head, SpaceNames.twhin(head))
                    .candidate(tail, SpaceNames.twhin(tail))
                    .similarity(dot ? Similarity.DOT : Similarity.COSINE)
                    .set(ColumnSetting.RETRIEVE, how.retrieve())
                    .set(ColumnSetting.EF, Math.min(how.retrieve(), Limits.EF_MAX))
                    .set(ColumnSetting.EXACT, true)
                    .set(ColumnSetting.WEIGHT, weights.twhin())
                    .build());
        }
        String producers = head.equals(tail) ? SpaceNames.PRODUCER : SpaceNames.items(tail);
        List<SparseColumn> sparse = new ArrayList<>();
        sparse.add(new SparseColumn(
                Evaluator.SIMCLUSTERS, SpaceNames.INTEREST, producers, how.similarity(), weights.simclusters()));
        sparse.add(new SparseColumn(
                Evaluator.MIXTURE,
                SpaceNames.interests(held.name()),
                SpaceNames.interestShares(held.name()),
                Similarity.DOT,
                weights.mixture()));
        if (plan.social().filter(social -> social.follow().equals(held.name())).isPresent()) {
            sparse.add(new SparseColumn(
                    Evaluator.MUTUAL, SpaceNames.FOLLOWEES, SpaceNames.FOLLOWERS, Similarity.DOT, weights.mutual()));
            sparse.add(new SparseColumn(
                    Evaluator.NEAR_POPULARITY,
                    SpaceNames.INTEREST,
                    SpaceNames.POPULARITY,
                    Similarity.DOT,
                    weights.nearPopularity()));
            sparse.add(new SparseColumn(
                    Evaluator.RECIPROCITY,
                    SpaceNames.SOCIAL_SELF,
                    SpaceNames.FOLLOWEES,
                    Similarity.DOT,
                    weights.reciprocity()));
        }
        for (SparseColumn column : sparse) {
            if (names.contains(column.source) && names.contains(column.candidate)) {
                columns.add(column.plan(head, tail, how.retrieve()));
            }
        }
        if (columns.isEmpty()) {
            return Optional.empty();
        }
        String history = SpaceNames.history(held.name());
        return Optional.of(ScoringPlan.of(held.name(), tail)
                .columns(columns)
                .blend(new BlendRecipe.Linear(how.normalizer()))
                .exclude(names.contains(history) ? List.of(history) : List.of())
                .kDefault(kMax)
                .build());
    }
}
