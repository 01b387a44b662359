package repscorer.core.plan;

import java.util.List;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.embedding.TextSpace;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.failure.ScorerException.Invalid;

/** Holds comparisons to the declared spaces. Immutable, safe for concurrent use. */
public final class ComparisonChecks {

    private final DeclaredSpaces spaces;

    public ComparisonChecks(DeclaredSpaces spaces) {
        this.spaces = spaces;
    }

    /** The two spaces of a comparison that keeps the rules. */
    public record Sides(Space source, Space candidate) {

        public boolean sparse() {
            return source instanceof SparseSpace;
        }
    }

    /**
     * The two sides of a comparison.
     *
     * @throws repscorer.core.failure.ScorerException.NotFound for a space that is not declared
     * @throws repscorer.core.failure.ScorerException.Invalid for spaces of another form than the similarity's, or a
     *     translation where none can be
     * @throws repscorer.core.failure.ScorerException.Conflict for spaces of two models or dimensions
     */
    public Sides sides(Comparison comparison) {
        Space source = spaces.named("sourceSpace", comparison.sourceSpace());
        Space candidate = spaces.named("candidateSpace", comparison.candidateSpace());
        check(comparison, source, candidate);
        return new Sides(source, candidate);
    }

    /** The comparison as a column that retrieves nothing and weighs 1. Throws as {@link #sides}. */
    public ColumnPlan column(Comparison comparison) {
        Sides sides = sides(comparison);
        EntityKind from = sides.source().kind();
        EntityKind to = sides.candidate().kind();
        String name = comparison.similarity().wireName();
        ColumnBuilder column = sides.sparse()
                ? ColumnPlan.sparse(name)
                : ColumnPlan.dense(name)
                        .translations(comparison.translation().stream()
                                .map(each -> new ColumnPlan.Translation(from, to, each.space(), each.relation()))
                                .toList());
        return column.source(from, sides.source().name())
                .candidate(to, sides.candidate().name())
                .similarity(comparison.similarity())
                .set(ColumnSetting.RETRIEVE, 0)
                .build();
    }

    private void check(Comparison comparison, Space source, Space candidate) {
        for (Space space : List.of(source, candidate)) {
            if (space instanceof TextSpace || comparison.similarity().text()) {
                throw new Invalid(
                        "similarity-form-differs",
                        "similarity",
                        "texts are compared by columns of surfaces, not as pairs: %s, space %s"
                                .formatted(comparison.similarity().wireName(), space.name()));
            }
            boolean dense = !(space instanceof SparseSpace);
            if (dense
                    ? !comparison.similarity().dense()
                    : !comparison.similarity().sparse()) {
                throw new Invalid(
                        "similarity-form-differs",
                        "similarity",
                        "%s does not compare %s vectors: space %s"
                                .formatted(
                                        comparison.similarity().wireName(), dense ? "dense" : "sparse", space.name()));
            }
        }
        if (source instanceof SparseSpace != candidate instanceof SparseSpace) {
            throw new Invalid(
                    "space-form-differs",
                    "candidateSpace",
                    "a dense and a sparse space cannot be compared: %s and %s"
                            .formatted(source.name(), candidate.name()));
        }
        checkFits(source, candidate);
        comparison.translation().ifPresent(translation -> {
            Space relations = spaces.named("translation.space", translation.space());
            if (source instanceof SparseSpace || !relations.kind().equals(EntityKind.RELATION)) {
                throw new Invalid(
                        "translation-misplaced",
                        "translation",
                        "a translation goes with dense spaces and is of kind %s: %s is of kind %s, %s is the source's"
                                .formatted(EntityKind.RELATION, relations.name(), relations.kind(), source.name()));
            }
            checkFits(source, relations);
        });
    }

    private static void checkFits(Space a, Space b) {
        if (!a.model().equals(b.model())) {
            throw new Conflict(
                    "models-differ",
                    "spaces of two models cannot be compared: %s is of %s, %s of %s"
                            .formatted(a.name(), a.model(), b.name(), b.model()));
        }
        if (a instanceof DenseSpace x && b instanceof DenseSpace y && x.dimension() != y.dimension()) {
            throw new Conflict(
                    "dimensions-differ",
                    "spaces of two dimensions cannot be compared: %s has %s, %s has %s"
                            .formatted(x.name(), x.dimension(), y.name(), y.dimension()));
        }
    }
}
