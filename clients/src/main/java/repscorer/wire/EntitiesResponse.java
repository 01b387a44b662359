package repscorer.wire;

import java.util.List;

/**
 * Entities by the beginnings of their names.
 *
 * @param entities nearest first: names without a typing error, then those whose first word is meant, then shorter ones
 */
public record EntitiesResponse(List<NamedBody> entities) {

    /**
     * An entity.
     *
     * @param name whole, as it was published
     * @param errors of typing between the prefix and the name: 0 or 1
     */
    public record NamedBody(String id, String name, int errors) {}
}
