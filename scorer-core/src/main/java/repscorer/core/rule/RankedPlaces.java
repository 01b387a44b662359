package repscorer.core.rule;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntBinaryOperator;
import java.util.function.IntPredicate;

/** Places of candidates, best first, that rules take out and move about. For one thread. */
final class RankedPlaces {

    private final int[] places;
    private int size;

    /** @param places handed over */
    RankedPlaces(int[] places) {
        this.places = places;
        this.size = places.length;
    }

    RankedPlaces copy() {
        return new RankedPlaces(toArray());
    }

    int size() {
        return size;
    }

    /** The candidate at a rank from 0. */
    int get(int rank) {
        return places[rank];
    }

    /** Takes out what leaves, asked once each in the order of the ranks. */
    void removeIf(IntPredicate leaves) {
        int kept = 0;
        for (int rank = 0; rank < size; rank++) {
            int candidate = places[rank];
            if (!leaves.test(candidate)) {
                places[kept++] = candidate;
            }
        }
        size = kept;
    }

    /** Takes the candidate at one rank to another; those between move up or down by one. */
    void move(int from, int to) {
        int candidate = places[from];
        if (from > to) {
            System.arraycopy(places, to, places, to + 1, from - to);
        } else {
            System.arraycopy(places, from + 1, places, from, to - from);
        }
        places[to] = candidate;
    }

    /** Puts as many candidates in another order: first {@code first}, then {@code then}, then all others as they were. */
    void reorder(int[] first, int[] then) {
        BitSet moved = new BitSet();
        Arrays.stream(first).forEach(moved::set);
        Arrays.stream(then).forEach(moved::set);
        int[] before = toArray();
        System.arraycopy(first, 0, places, 0, first.length);
        System.arraycopy(then, 0, places, first.length, then.length);
        int at = first.length + then.length;
        for (int candidate : before) {
            if (!moved.get(candidate)) {
                places[at++] = candidate;
            }
        }
    }

    void sort(double[] scores, IntBinaryOperator ties) {
        int[] sorted = toArray();
        Ranking.sort(sorted, scores, ties);
        System.arraycopy(sorted, 0, places, 0, size);
    }

    int[] toArray() {
        return Arrays.copyOf(places, size);
    }
}
