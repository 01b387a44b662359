package repscorer.stores;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import repscorer.client.ScorerClient;
import repscorer.wire.CandidatesRequest;
import repscorer.wire.CandidatesRequest.Filters;
import repscorer.wire.ConditionBody;
import repscorer.wire.SourceBody;
import repscorer.wire.SpaceBody;
import repscorer.wire.SurfaceBody;

/**
 * How the service is asked for rows of a space.
 *
 * @param kind of the space's entities: a row's id is an entity's value
 * @param column of the surface
 * @param ef the column's own
 */
record Question(String space, int dimension, String kind, String surface, String column, int ef) {

    private static final int EF_MAX = 2_000;
    private static final int ID_BYTES_MAX = 256;

    /** @throws IllegalArgumentException for a space or a surface that will not do, with the reason */
    static Question of(ScorerClient scorer, String space, String surface) {
        SpaceBody declared = scorer.spaces().stream()
                .filter(each -> each.space().equals(space))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the service has no space '%s'".formatted(space)));
        if (declared.dimension() == null) {
            throw new IllegalArgumentException("space %s is sparse, and vectors are dense".formatted(space));
        }
        SurfaceBody plan = scorer.surfaces().stream()
                .filter(each -> each.surface().equals(surface))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the service has no surface '%s'".formatted(surface)));
        check(plan, plan.kinds().equals(List.of(declared.kind())), "kinds", "[" + declared.kind() + "]");
        check(plan, plan.columns().size() == 1, "columns", "one");
        Map<String, Object> column = plan.columns().getFirst();
        check(plan, Map.of(declared.kind(), space).equals(column.get("candidates")), "candidates", space);
        check(plan, "cosine".equals(column.get("similarity")), "similarity", "cosine");
        check(plan, is(column.get("weight"), 1), "weight", "1");
        check(plan, "linear".equals(plan.blend().get("method")), "blend.method", "linear");
        check(plan, "none".equals(plan.blend().get("normalizer")), "blend.normalizer", "none");
        check(plan, plan.rules() == null && plan.explore() == null, "rules and explore", "absent");
        return new Question(
                space,
                declared.dimension(),
                declared.kind(),
                surface,
                String.valueOf(column.get("name")),
                column.get("ef") instanceof Number ef ? ef.intValue() : 0);
    }

    private static boolean is(@Nullable Object value, double wanted) {
        return value instanceof Number number && number.doubleValue() == wanted;
    }

    private static void check(SurfaceBody plan, boolean kept, String key, String wanted) {
        if (!kept) {
            throw new IllegalArgumentException("a surface whose scores are cosines has %s: %s (surface %s)"
                    .formatted(key, wanted, plan.surface()));
        }
    }

    /** @throws IllegalArgumentException for an id that is no entity's value */
    String entity(String id) {
        int bytes = id.getBytes(StandardCharsets.UTF_8).length;
        if (bytes < 1 || bytes > ID_BYTES_MAX || id.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "an id is 1 to %s bytes without control characters: %s bytes".formatted(ID_BYTES_MAX, bytes));
        }
        return kind + ":" + id;
    }

    /** @throws IllegalArgumentException for a vector that the space cannot hold */
    List<Float> values(String id, float[] vector) {
        if (vector.length != dimension) {
            throw new IllegalArgumentException("dimension differs: space %s expects %s, got %s (id %s)"
                    .formatted(space, dimension, vector.length, id));
        }
        List<Float> values = new ArrayList<>(vector.length);
        for (float value : vector) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("a vector has finite values: %s (id %s)".formatted(value, id));
            }
            values.add(value);
        }
        return values;
    }

    String id(String entity) {
        return entity.substring(kind.length() + 1);
    }

    CandidatesRequest request(float[] vector, int k, List<String> without, Optional<ConditionBody> among) {
        String key = "columns." + column + ".";
        return new CandidatesRequest(
                surface,
                new SourceBody(null, null, vector, null),
                k,
                new Filters(null, List.copyOf(without), List.of(), among.orElse(null)),
                Map.of(key + "retrieve", k, key + "ef", Math.min(EF_MAX, Math.max(k, ef))),
                null,
                false);
    }
}
