package repscorer.decisions;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the columns of a plan say of one candidate: names that many candidates share, and a value for each. Immutable. */
public final class ColumnScores extends AbstractMap<String, Double> {

    /*
     * A hash table for every candidate of every answer would cost more than all else that a log does with it.
     */

    private final Names names;
    private final double[] values;

    /** The names of a plan's columns, in alphabetical order. Immutable; equal to itself alone. */
    public static final class Names {

        private final String[] sorted;
        private final int[] places;

        private Names(String[] sorted, int[] places) {
            this.sorted = sorted;
            this.places = places;
        }

        /** @param names each once, in the order in which values will come */
        public static Names of(String... names) {
            Integer[] order = new Integer[names.length];
            Arrays.setAll(order, i -> i);
            Arrays.sort(order, (a, b) -> names[a].compareTo(names[b]));
            String[] sorted = Arrays.stream(order).map(i -> names[i]).toArray(String[]::new);
            for (int i = 1; i < sorted.length; i++) {
                if (sorted[i].equals(sorted[i - 1])) {
                    throw new IllegalArgumentException("a column stands here twice: " + sorted[i]);
                }
            }
            return new Names(sorted, Arrays.stream(order).mapToInt(i -> i).toArray());
        }

        int count() {
            return sorted.length;
        }

        String name(int i) {
            return sorted[i];
        }
    }

    private ColumnScores(Names names, double[] values) {
        this.names = names;
        this.values = values;
    }

    /**
     * Values of one candidate.
     *
     * @param from where they begin in an array that has them in the order in which the names came; NaN for one that is missing
     */
    public static ColumnScores of(Names names, double[] values, int from) {
        double[] sorted = new double[names.count()];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = values[from + names.places[i]];
        }
        return new ColumnScores(names, sorted);
    }

    Names names() {
        return names;
    }

    /** Of the i-th name; NaN where it is missing. */
    double value(int i) {
        return values[i];
    }

    @Override
    public @Nullable Double get(@Nullable Object name) {
        if (!(name instanceof String text)) {
            return null;
        }
        int i = Arrays.binarySearch(names.sorted, text);
        return i < 0 || Double.isNaN(values[i]) ? null : (Double) values[i];
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return get(name) != null;
    }

    @Override
    public int size() {
        int size = 0;
        for (double value : values) {
            size += Double.isNaN(value) ? 0 : 1;
        }
        return size;
    }

    @Override
    public Set<Map.Entry<String, Double>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<String, Double>> iterator() {
                return new Entries();
            }

            @Override
            public int size() {
                return ColumnScores.this.size();
            }
        };
    }

    private final class Entries implements Iterator<Map.Entry<String, Double>> {

        private int next;

        @Override
        public boolean hasNext() {
            while (next < values.length && Double.isNaN(values[next])) {
                next++;
            }
            return next < values.length;
        }

        @Override
        public Map.Entry<String, Double> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return Map.entry(names.sorted[next], values[next++]);
        }
    }
}
