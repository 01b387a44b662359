package repscorer.training.simclusters;

import java.util.Arrays;
import java.util.TreeSet;

/**
 * The communities of an earlier run, to go on from. The arrays are shared; nobody writes to them.
 *
 * @param numbers what the communities are known by, ascending, each once
 * @param of the place in {@code numbers} by producer of the graph to come, -1 for none
 */
@SuppressWarnings("ArrayRecordComponent") // the search reads the arrays
public record KnownFor(int[] numbers, int[] of) {

    /** No earlier run. */
    public static final KnownFor NONE = new KnownFor(new int[0], new int[0]);

    /**
     * Of a community number per producer.
     *
     * @param numberOf by producer, -1 for none
     */
    public static KnownFor of(int[] numberOf) {
        TreeSet<Integer> distinct = new TreeSet<>();
        for (int number : numberOf) {
            if (number >= 0) {
                distinct.add(number);
            }
        }
        int[] numbers = distinct.stream().mapToInt(Integer::intValue).toArray();
        int[] places = new int[numberOf.length];
        for (int p = 0; p < places.length; p++) {
            places[p] = numberOf[p] < 0 ? -1 : Arrays.binarySearch(numbers, numberOf[p]);
        }
        return numbers.length == 0 ? NONE : new KnownFor(numbers, places);
    }

    public boolean isEmpty() {
        return numbers.length == 0;
    }
}
