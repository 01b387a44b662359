package repscorer.core.plan;

import java.util.List;
import java.util.Map;
import java.util.Set;
import repscorer.core.entity.EntityKind;

/**
 * Where rules read what is known of candidates: in sparse spaces of the release, so that it goes live with the embeddings.
 *
 * @param attributes by name, such as {@code author}
 * @param snowflakes the kinds whose ids hold the time of their creation
 * @param createdSpaces spaces whose rows have one entry: the hours since 1970 when the entity was created
 */
public record AttributePlan(Map<String, Attribute> attributes, Set<EntityKind> snowflakes, List<String> createdSpaces) {

    public static final AttributePlan NONE = new AttributePlan(Map.of(), Set.of(), List.of());

    public AttributePlan {
        attributes = Map.copyOf(attributes);
        snowflakes = Set.copyOf(snowflakes);
        createdSpaces = List.copyOf(createdSpaces);
    }

    /**
     * One attribute; the first space that knows the candidate answers.
     *
     * @param spaces of candidates: the value is the column of the row's greatest weight
     * @param inverseOf spaces whose columns are candidates, such as {@code history-author}: the value is the row's id
     */
    public record Attribute(List<String> spaces, List<String> inverseOf) {

        public Attribute {
            spaces = List.copyOf(spaces);
            inverseOf = List.copyOf(inverseOf);
            if (spaces.isEmpty() && inverseOf.isEmpty()) {
                throw new IllegalArgumentException("an attribute names spaces or inverse-of");
            }
        }
    }
}
