package repscorer.training.graph;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import repscorer.training.plan.TrainingPlan;

/** Takes edges out of a graph by chance or from a time on, to be found again by what the rest teaches. */
public final class HoldOut {

    /**
     * A graph cut in parts that share no edge.
     *
     * @param training what may be learnt from; has the entities that its edges name, under ordinals that the other parts share
     * @param held the edges that judge, perhaps between entities beyond those, by relation: those taken out and those of given test files
     * @param validation the edges that choose between epochs and models, by relation
     * @param overlap how many given edges that were to judge stand in one of the other parts too and were left out, by relation
     */
    public record Split(
            Graph training,
            Map<String, Relation> held,
            Map<String, Relation> validation,
            SortedMap<String, Integer> overlap) {

        public Split {
            held = Map.copyOf(held);
            validation = Map.copyOf(validation);
            overlap = Collections.unmodifiableSortedMap(new TreeMap<>(overlap));
        }

        Split(Graph training, Map<String, Relation> held, Map<String, Relation> validation) {
            this(training, held, validation, Collections.emptySortedMap());
        }
    }

    private HoldOut() {}

    /**
     * Cuts what was read as a plan asks for: given files stay what they are, shares are drawn from the rest by the plan's
     * seed. Entities that no training edge is left of are not in the training graph, and a pair that is trained on neither
     * validates nor judges.
     */
    public static Split split(EdgeData data, TrainingPlan plan) {
        Split judged = plan.holdOutFrom().isPresent()
                ? from(data.graph(), data.late(), plan.holdOutFrom().get().getEpochSecond())
                : split(data.graph(), plan.holdOut(), plan.seed());
        Split chosen = split(judged.training(), plan.validation(), ~plan.seed());
        return KnownPairs.leftOut(TrainedEntities.only(
                new Split(chosen.training(), joined(data.test(), judged.held()), joined(data.valid(), chosen.held()))));
    }

    private static Map<String, Relation> joined(Map<String, Relation> given, Map<String, Relation> drawn) {
        Map<String, Relation> all = new TreeMap<>(given);
        drawn.forEach((name, relation) -> all.merge(name, relation, Relation::and));
        return all;
    }

    /**
     * Takes a share of each named relation's edges out, of an undirected one both directions of a pair, never the last edge that an entity has in the whole graph. The same
     * graph and seed give the same split. O(edges).
     *
     * @param shares 0 to 1, by relation
     */
    public static Split split(Graph graph, Map<String, Double> shares, long seed) {
        IdentityHashMap<EntityIndex, int[]> degrees = new IdentityHashMap<>();
        for (EntityIndex index : graph.entities().values()) {
            degrees.put(index, new int[index.count()]);
        }
        for (Relation relation : graph.relations()) {
            int[] headDegrees = degrees.getOrDefault(relation.headEntities(), new int[0]);
            int[] tailDegrees = degrees.getOrDefault(relation.tailEntities(), new int[0]);
            for (int edge = 0; edge < relation.edges(); edge++) {
                headDegrees[relation.heads()[edge]]++;
                tailDegrees[relation.tails()[edge]]++;
            }
        }
        List<Relation> training = new ArrayList<>();
        Map<String, Relation> held = new TreeMap<>();
        for (Relation relation : graph.relations()) {
            Double share = shares.get(relation.group());
            if (share == null) {
                training.add(relation);
                continue;
            }
            int[] headDegrees = degrees.getOrDefault(relation.headEntities(), new int[0]);
            int[] tailDegrees = degrees.getOrDefault(relation.tailEntities(), new int[0]);
            int wanted = (int) Math.round(share * relation.edges());
            int[] order = shuffled(
                    relation.edges(),
                    new SplittableRandom(
                            seed ^ (0x9E3779B97F4A7C15L * relation.name().hashCode())));
            boolean[] out = new boolean[relation.edges()];
            int[] reversed = relation.plan().undirected() ? Directions.reversed(relation) : new int[0];
            int taken = 0;
            for (int i = 0; i < order.length && taken < wanted; i++) {
                int head = relation.heads()[order[i]];
                int tail = relation.tails()[order[i]];
                int other = reversed.length > 0 ? reversed[order[i]] : -1;
                int edges = other >= 0 ? 2 : 1;
                if (!out[order[i]] && headDegrees[head] > edges && tailDegrees[tail] > edges) {
                    headDegrees[head] -= edges;
                    tailDegrees[tail] -= edges;
                    out[order[i]] = true;
                    if (other >= 0) {
                        out[other] = true;
                    }
                    taken += edges;
                }
            }
            training.add(relation.only(edges(out, false, relation.edges() - taken)));
            held.put(relation.name(), relation.only(edges(out, true, taken)));
        }
        return new Split(new Graph(graph.entities(), training), held, Map.of());
    }

    /**
     * Takes every timed edge from a time on out; those between entities that are left some edge judge. Edges without times
     * stay. O(edges).
     *
     * @param from seconds since 1970
     * @throws DataException when a relation is left without an edge, or nothing is held out
     */
    static Split from(Graph graph, long from) {
        List<Relation> early = new ArrayList<>();
        Map<String, Relation> late = new LinkedHashMap<>();
        for (Relation relation : graph.relations()) {
            boolean[] out = new boolean[relation.edges()];
            int taken = 0;
            for (int edge = 0; edge < out.length; edge++) {
                out[edge] = relation.timed() && relation.time(edge) >= from;
                taken += out[edge] ? 1 : 0;
            }
            if (taken < out.length) {
                early.add(relation.only(edges(out, false, out.length - taken)));
            }
            if (taken > 0) {
                late.put(relation.name(), relation.only(edges(out, true, taken)));
            }
        }
        return from(new Graph(graph.entities(), early), late, from);
    }

    /** As {@link #from(Graph, long)}, of edges that are cut already; pairs that met before judge nothing. */
    private static Split from(Graph early, Map<String, Relation> late, long from) {
        IdentityHashMap<EntityIndex, boolean[]> known = new IdentityHashMap<>();
        early.entities().values().forEach(index -> known.put(index, new boolean[index.count()]));
        for (Relation relation : early.relations()) {
            boolean[] heads = known.getOrDefault(relation.headEntities(), new boolean[0]);
            boolean[] tails = known.getOrDefault(relation.tailEntities(), new boolean[0]);
            for (int edge = 0; edge < relation.edges(); edge++) {
                heads[relation.heads()[edge]] = true;
                tails[relation.tails()[edge]] = true;
            }
        }
        Map<String, Relation> held = new TreeMap<>();
        late.forEach((name, relation) -> {
            Csr before = early.relation(name)
                    .orElseThrow(() -> new DataException("hold-out-from leaves relation %s no edge to learn from: %s"
                            .formatted(name, Instant.ofEpochSecond(from))))
                    .byHead();
            boolean[] heads = known.getOrDefault(relation.headEntities(), new boolean[0]);
            boolean[] tails = known.getOrDefault(relation.tailEntities(), new boolean[0]);
            boolean[] judges = new boolean[relation.edges()];
            int judging = 0;
            for (int edge = 0; edge < judges.length; edge++) {
                int head = relation.heads()[edge];
                int tail = relation.tails()[edge];
                judges[edge] = heads[head]
                        && tails[tail]
                        && !before.contains(head, tail)
                        && !(relation.plan().undirected() && before.contains(tail, head));
                judging += judges[edge] ? 1 : 0;
            }
            held.put(name, relation.only(edges(judges, true, judging)));
        });
        if (held.values().stream().allMatch(relation -> relation.edges() == 0)) {
            throw new DataException("hold-out-from holds no edge out: " + Instant.ofEpochSecond(from));
        }
        return new Split(early, held, Map.of());
    }

    private static int[] edges(boolean[] out, boolean wanted, int count) {
        int[] edges = new int[count];
        int next = 0;
        for (int edge = 0; edge < out.length; edge++) {
            if (out[edge] == wanted) {
                edges[next++] = edge;
            }
        }
        return edges;
    }

    /** 0 to n - 1 in an order drawn evenly from all (Fisher and Yates). */
    public static int[] shuffled(int n, SplittableRandom random) {
        int[] order = new int[n];
        Arrays.setAll(order, i -> i);
        for (int i = n - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }
}
