package repscorer.core;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.IntUnaryOperator;
import repscorer.core.embedding.Embedding;
import repscorer.core.entity.EntityId;
import repscorer.core.plan.AttributePlan;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.rule.Facts;
import repscorer.core.rule.Rule;
import repscorer.core.similarity.DensePairs;
import repscorer.core.similarity.Similarity;
import repscorer.core.similarity.SparsePairs;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.SparseVector;

/** What rules ask about the candidates of one request, read from its snapshot and kept. For one request and one thread. */
final class CandidateFacts implements Facts {

    private final ScoringPlan plan;
    private final List<EntityId> ids;
    private final Trail trail;
    private final Named named;
    private final Inverses inverses;
    private final Ages ages;
    private final IntUnaryOperator sourceColumn;
    private final Map<Asked, Optional<String>> values = new HashMap<>();
    private final Map<String, Inverses.Inverse> inverted = new HashMap<>();

    private record Asked(String attribute, int candidate) {}

    /** @param sourceColumn the column that contributed most to a candidate's score */
    CandidateFacts(
            ScoringPlan plan,
            List<EntityId> ids,
            Trail trail,
            Named named,
            Inverses inverses,
            Ages ages,
            IntUnaryOperator sourceColumn) {
        this.plan = plan;
        this.ids = ids;
        this.trail = trail;
        this.named = named;
        this.inverses = inverses;
        this.ages = ages;
        this.sourceColumn = sourceColumn;
    }

    @Override
    public EntityId id(int candidate) {
        return ids.get(candidate);
    }

    @Override
    public Optional<String> value(String attribute, int candidate) {
        return values.computeIfAbsent(new Asked(attribute, candidate), asked -> read(attribute, candidate));
    }

    private Optional<String> read(String attribute, int candidate) {
        EntityId id = ids.get(candidate);
        return switch (attribute) {
            case Rule.KIND -> Optional.of(id.kind().name());
            case Rule.SOURCE ->
                Optional.of(
                        plan.columns().get(sourceColumn.applyAsInt(candidate)).name());
            default -> {
                AttributePlan.Attribute known = plan.attributes().attributes().get(attribute);
                yield known == null ? Optional.empty() : attribute(known, id).map(EntityId::toString);
            }
        };
    }

    private Optional<EntityId> attribute(AttributePlan.Attribute attribute, EntityId id) {
        for (String name : attribute.spaces()) {
            Optional<EntityId> value = trail.spaceForRules(name)
                    .filter(v -> v.space().kind().equals(id.kind()))
                    .flatMap(version -> best(version, id));
            if (value.isPresent()) {
                return value;
            }
        }
        for (String name : attribute.inverseOf()) {
            Optional<EntityId> value = trail.spaceForRules(name)
                    .flatMap(version -> inverted.computeIfAbsent(name, each -> inverses.of(version))
                            .row(id));
            if (value.isPresent()) {
                return value;
            }
        }
        return Optional.empty();
    }

    /** The column of the greatest weight; of equals the first. */
    private static Optional<EntityId> best(SpaceVersion version, EntityId id) {
        OptionalInt ordinal = version.ordinal(id);
        if (ordinal.isEmpty()) {
            return Optional.empty();
        }
        SparseVector row = version.sparse(ordinal.getAsInt());
        int best = -1;
        for (int i = 0; i < row.size(); i++) {
            best = best < 0 || row.weights()[i] > row.weights()[best] ? i : best;
        }
        return best < 0
                ? Optional.empty()
                : Optional.of(version.file().columns().orElseThrow().id(row.columns()[best]));
    }

    @Override
    public OptionalLong createdMillis(int candidate) {
        return ages.createdMillis(ids.get(candidate));
    }

    @Override
    public boolean named(Rule.Remove rule, String entity) {
        return named.ids(rule).contains(EntityId.parse(entity));
    }

    @Override
    public double similarity(String column, int a, int b) {
        for (ColumnPlan each : plan.columns()) {
            String space = each.candidates().get(ids.get(a).kind());
            if (each.name().equals(column)
                    && space != null
                    && ids.get(a).kind().equals(ids.get(b).kind())) {
                return trail.space(space)
                        .map(version -> similarity(version, ids.get(a), ids.get(b)))
                        .orElse(0.0);
            }
        }
        return 0;
    }

    private static double similarity(SpaceVersion version, EntityId a, EntityId b) {
        Optional<Embedding> first = version.embedding(a);
        Optional<Embedding> second = version.embedding(b);
        if (first.isEmpty() || second.isEmpty()) {
            return 0;
        }
        if (first.get() instanceof Embedding.Dense x && second.get() instanceof Embedding.Dense y) {
            return new DensePairs(Similarity.COSINE, x.values()).score(y.values());
        }
        return first.get() instanceof Embedding.Sparse x && second.get() instanceof Embedding.Sparse y
                ? new SparsePairs(Similarity.COSINE, x.vector()).score(y.vector())
                : 0;
    }
}
