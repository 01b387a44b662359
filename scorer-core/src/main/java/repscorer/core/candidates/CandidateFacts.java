package repscorer.core.candidates;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.plan.AttributePlan;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.request.Entities;
import repscorer.core.request.EntitySet;
import repscorer.core.request.Request;
import repscorer.core.rule.Facts;
import repscorer.core.rule.Rule;
import repscorer.core.similarity.DensePairs;
import repscorer.core.similarity.Similarity;
import repscorer.core.similarity.SparsePairs;
import repscorer.core.store.SpaceVersion;

/** What rules ask about the candidates of one request, read from its snapshot and kept. For one request and one thread. */
final class CandidateFacts implements Facts {

    private final Request request;
    private final EntitySet candidates;
    private final RemovedIds removed;
    private final Ages ages;
    private final IntUnaryOperator sourceColumn;
    private final List<EntityKind> kinds = new ArrayList<>();
    private final Map<String, AttributeValues> attributes = new HashMap<>();
    private final Map<Rule.Condition, Set<Integer>> wanted = new HashMap<>();
    private final Map<String, Optional<SpaceVersion>> weighed = new HashMap<>();

    /** @param sourceColumn the column that contributed most to a candidate's score */
    CandidateFacts(
            Request request, EntitySet candidates, RemovedIds removed, Ages ages, IntUnaryOperator sourceColumn) {
        this.request = request;
        this.candidates = candidates;
        this.removed = removed;
        this.ages = ages;
        this.sourceColumn = sourceColumn;
    }

    @Override
    public int compare(int a, int b) {
        return candidates.compare(a, b);
    }

    @Override
    public boolean is(int candidate, EntityId id) {
        return candidates.number(candidate) == request.entities().number(id);
    }

    @Override
    public int value(String attribute, int candidate) {
        return switch (attribute) {
            case Rule.KIND -> kind(candidates.kind(candidate));
            case Rule.SOURCE -> sourceColumn.applyAsInt(candidate);
            default -> {
                AttributePlan.Attribute known =
                        request.plan().attributes().attributes().get(attribute);
                yield known == null
                        ? NO_VALUE
                        : attributes
                                .computeIfAbsent(
                                        attribute, name -> new AttributeValues(known, candidates, request.trace()))
                                .value(candidate);
            }
        };
    }

    private int kind(EntityKind kind) {
        int place = kinds.indexOf(kind);
        if (place < 0) {
            kinds.add(kind);
            return kinds.size() - 1;
        }
        return place;
    }

    @Override
    public boolean meets(Rule.Condition condition, int candidate) {
        int value = value(condition.attribute(), candidate);
        return value != NO_VALUE
                && wanted.computeIfAbsent(condition, this::numbers).contains(value);
    }

    /** What stands for the values of a condition; a text that is no value stands for nothing. */
    private Set<Integer> numbers(Rule.Condition condition) {
        Set<Integer> numbers = new HashSet<>();
        for (String value : condition.values()) {
            number(condition.attribute(), value).ifPresent(numbers::add);
        }
        return numbers;
    }

    private OptionalInt number(String attribute, String value) {
        try {
            return switch (attribute) {
                case Rule.KIND -> OptionalInt.of(kind(new EntityKind(value)));
                case Rule.SOURCE -> column(value);
                default -> OptionalInt.of(request.entities().number(EntityId.parse(value)));
            };
        } catch (IllegalArgumentException e) {
            return OptionalInt.empty();
        }
    }

    private OptionalInt column(String name) {
        List<ColumnPlan> columns = request.plan().columns();
        for (int c = 0; c < columns.size(); c++) {
            if (columns.get(c).name().equals(name)) {
                return OptionalInt.of(c);
            }
        }
        return OptionalInt.empty();
    }

    @Override
    public OptionalLong createdMillis(int candidate) {
        return ages.createdMillis(candidates.number(candidate));
    }

    @Override
    public boolean named(Rule.Remove rule, int candidate) {
        if (removed.all(rule)) {
            return true;
        }
        if (rule.attribute().isEmpty()) {
            return removed.by(rule).contains(candidates.number(candidate));
        }
        String attribute = rule.attribute().get();
        int value = value(attribute, candidate);
        boolean isEntity = !attribute.equals(Rule.KIND) && !attribute.equals(Rule.SOURCE);
        return isEntity && value != NO_VALUE && removed.by(rule).contains(value);
    }

    @Override
    public boolean namesNobody(Rule.Remove rule) {
        return !removed.all(rule) && removed.by(rule).size() == 0;
    }

    @Override
    public double weight(String space, int candidate) {
        Optional<SpaceVersion> version = weighed.computeIfAbsent(space, request.trace()::spaceForRules);
        if (version.isEmpty() || !version.get().space().kind().equals(candidates.kind(candidate))) {
            return Double.NaN;
        }
        int ordinal = request.entities().rows(version.get()).ordinal(candidates.number(candidate));
        if (ordinal < 0) {
            return Double.NaN;
        }
        double greatest = Double.NaN;
        for (float weight : version.get().sparse(ordinal).weights()) {
            greatest = Double.isNaN(greatest) ? weight : Math.max(greatest, weight);
        }
        return greatest;
    }

    @Override
    public double similarity(String column, int a, int b) {
        EntityKind kind = candidates.kind(a);
        for (ColumnPlan each : request.plan().columns()) {
            String space = each.candidates().get(kind);
            if (each.name().equals(column) && space != null && kind.equals(candidates.kind(b))) {
                Optional<SpaceVersion> version = request.trace().space(space);
                return version.isPresent() ? similarity(version.get(), a, b) : 0;
            }
        }
        return 0;
    }

    private double similarity(SpaceVersion version, int a, int b) {
        Entities.Rows rows = request.entities().rows(version);
        int first = rows.ordinal(candidates.number(a));
        int second = rows.ordinal(candidates.number(b));
        if (first < 0 || second < 0) {
            return 0;
        }
        if (version.file().form() == EmbeddingFile.Form.TEXT) {
            return 0; // words say too little of how alike two texts are
        }
        if (version.isSparse()) {
            return new SparsePairs(Similarity.COSINE, version.sparse(first)).score(version.sparse(second));
        }
        double cosine = new DensePairs(Similarity.COSINE, version.dense(first)).score(version.dense(second));
        return Double.isNaN(cosine) ? 0 : cosine;
    }
}
