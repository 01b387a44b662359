package repscorer.training.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The pairs of each relation that are no news when it is judged: those it is trained on and those that choose between epochs, of
 * an undirected relation in both directions. None of them judges, and no answer is a miss for holding one.
 */
public final class KnownPairs {

    private KnownPairs() {}

    /** Tails by head that are known of a relation, ascending; it may have heads and tails beyond those that are trained. O(edges). */
    public static Csr byHead(HoldOut.Split split, Relation training) {
        return byHead(training, Optional.ofNullable(split.validation().get(training.name())));
    }

    private static Csr byHead(Relation training, Optional<Relation> validation) {
        // Indexes of validation begin with the trained entities, under the same ordinals.
        Relation known = validation.map(chosen -> chosen.and(training)).orElse(training);
        return (known.plan().undirected() ? known.and(known.reversed()) : known).byHead();
    }

    /** Takes out of what judges and validates the pairs that are known, and counts those of what judges. O(edges log). */
    static HoldOut.Split leftOut(HoldOut.Split split) {
        Map<String, Relation> validation = new TreeMap<>();
        split.validation().forEach((name, chosen) -> {
            Relation left = split.training()
                    .relation(name)
                    .map(training -> without(chosen, byHead(training, Optional.empty())))
                    .orElse(chosen);
            if (left.edges() > 0) {
                validation.put(name, left);
            }
        });
        Map<String, Relation> held = new TreeMap<>();
        TreeMap<String, Integer> overlap = new TreeMap<>();
        split.held().forEach((name, judging) -> {
            Relation left = split.training()
                    .relation(name)
                    .map(training -> without(judging, byHead(training, Optional.ofNullable(validation.get(name)))))
                    .orElse(judging);
            held.put(name, left);
            if (left.edges() < judging.edges()) {
                overlap.put(name, judging.edges() - left.edges());
            }
        });
        return new HoldOut.Split(split.training(), held, validation, overlap);
    }

    private static Relation without(Relation relation, Csr known) {
        int[] left = new int[relation.edges()];
        int count = 0;
        for (int edge = 0; edge < left.length; edge++) {
            int head = relation.heads()[edge];
            if (head >= known.rows() || !known.contains(head, relation.tails()[edge])) {
                left[count++] = edge;
            }
        }
        return count == left.length ? relation : relation.only(Arrays.copyOf(left, count));
    }

    /** A line for each relation some of whose judging edges are known, and for each that nothing is left of. */
    public static List<String> notes(HoldOut.Split split) {
        List<String> notes = new ArrayList<>();
        split.overlap()
                .forEach((name, count) -> notes.add(String.format(
                        Locale.ROOT,
                        "%,d edges of %s stand in what judges and in what is trained on or validates; they judge nothing",
                        count,
                        name)));
        new TreeMap<>(split.held()).forEach((name, held) -> {
            if (held.edges() == 0) {
                notes.add("relation %s has nobody to judge: no edge of it is held out".formatted(name));
            }
        });
        return notes;
    }
}
