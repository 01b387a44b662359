package repscorer.training.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import repscorer.core.entity.EntityKind;

/** Leaves entities that no training edge names out of what is trained, for nothing can be learnt of them. */
final class TrainedEntities {

    /*
     * The training graph gets indexes of its own, of the entities that its edges name; those of the edges that judge and
     * validate begin with the same entities under the same ordinals and go on with the others. Where every entity has a
     * training edge, nothing changes.
     */

    /** The entities of one kind that are trained, all of them in an order that begins with those, and their new ordinals. */
    @SuppressWarnings("ArrayRecordComponent") // local, compared by nobody
    private record Numbering(EntityIndex trained, EntityIndex all, int[] ordinals) {

        static Numbering of(EntityIndex index, boolean[] named) {
            int[] ordinals = new int[named.length];
            EntityIndex trained = new EntityIndex(index.kind());
            EntityIndex all = new EntityIndex(index.kind());
            for (int i = 0; i < named.length; i++) {
                if (named[i]) {
                    ordinals[i] = trained.intern(index.value(i));
                    all.intern(index.value(i));
                }
            }
            if (trained.count() == named.length) {
                return new Numbering(index, index, ordinals);
            }
            for (int i = 0; i < named.length; i++) {
                if (!named[i]) {
                    ordinals[i] = all.intern(index.value(i));
                }
            }
            return new Numbering(trained, all, ordinals);
        }
    }

    private final IdentityHashMap<EntityIndex, Numbering> numberings = new IdentityHashMap<>();

    private TrainedEntities() {}

    /** The split with entities in the training graph that a training edge names. O(edges + entities). */
    static HoldOut.Split only(HoldOut.Split split) {
        return new TrainedEntities().renumbered(split);
    }

    private HoldOut.Split renumbered(HoldOut.Split split) {
        Graph graph = split.training();
        IdentityHashMap<EntityIndex, boolean[]> named = new IdentityHashMap<>();
        graph.entities().values().forEach(index -> named.put(index, new boolean[index.count()]));
        for (Relation relation : graph.relations()) {
            mark(relation.heads(), named.getOrDefault(relation.headEntities(), new boolean[0]));
            mark(relation.tails(), named.getOrDefault(relation.tailEntities(), new boolean[0]));
        }
        boolean whole = true;
        for (boolean[] each : named.values()) {
            for (boolean one : each) {
                whole &= one;
            }
        }
        if (whole) {
            return split;
        }
        LinkedHashMap<EntityKind, EntityIndex> entities = new LinkedHashMap<>();
        graph.entities().forEach((kind, index) -> {
            Numbering numbering = Numbering.of(index, named.getOrDefault(index, new boolean[0]));
            numberings.put(index, numbering);
            entities.put(kind, numbering.trained);
        });
        List<Relation> training = new ArrayList<>();
        graph.relations().forEach(relation -> training.add(renumbered(relation, true)));
        return new HoldOut.Split(
                new Graph(entities, training), renumbered(split.held()), renumbered(split.validation()));
    }

    private static void mark(int[] entities, boolean[] named) {
        for (int entity : entities) {
            named[entity] = true;
        }
    }

    private Map<String, Relation> renumbered(Map<String, Relation> relations) {
        Map<String, Relation> renumbered = new TreeMap<>();
        relations.forEach((name, relation) -> renumbered.put(name, renumbered(relation, false)));
        return renumbered;
    }

    private Relation renumbered(Relation relation, boolean trained) {
        Numbering heads = numbering(relation.headEntities());
        Numbering tails = numbering(relation.tailEntities());
        return relation.under(
                trained ? heads.trained : heads.all,
                mapped(relation.heads(), heads.ordinals),
                trained ? tails.trained : tails.all,
                mapped(relation.tails(), tails.ordinals));
    }

    private Numbering numbering(EntityIndex index) {
        Numbering numbering = numberings.get(index);
        if (numbering == null) {
            throw new IllegalStateException("no entities of kind " + index.kind());
        }
        return numbering;
    }

    private static int[] mapped(int[] ordinals, int[] to) {
        return Arrays.stream(ordinals).map(ordinal -> to[ordinal]).toArray();
    }
}
