package repscorer.training.graph;

import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import repscorer.core.entity.EntityKind;

/**
 * Entities of several kinds and typed relations between them. Immutable, safe for concurrent use.
 *
 * @param entities by kind, in the order in which the plan names the kinds
 * @param relations in the plan's order
 */
public record Graph(SequencedMap<EntityKind, EntityIndex> entities, List<Relation> relations) {

    public Graph {
        relations = List.copyOf(relations);
    }

    /** The entities of a kind that the graph has. */
    public EntityIndex entities(EntityKind kind) {
        EntityIndex index = entities.get(kind);
        if (index == null) {
            throw new IllegalArgumentException("the graph has no entities of kind '%s'".formatted(kind));
        }
        return index;
    }

    public Optional<Relation> relation(String name) {
        return relations.stream().filter(r -> r.name().equals(name)).findFirst();
    }

    public long edges() {
        return relations.stream().mapToLong(Relation::edges).sum();
    }
}
