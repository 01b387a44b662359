package repscorer.core.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.SparseRows;
import repscorer.vector.SparseVector;

/**
 * Where a row stands in the lists of the source's clusters: how far a search through them would have to read to meet it.
 * Reads every row once, for explanations only.
 */
final class ClusterReach {

    /**
     * By the source's clusters, strongest first: the row's place in the cluster's list from 1, or 0 where it has none. No list
     * cuts a streamed row short: it is first in each.
     */
    private final int[] places;

    private ClusterReach(int[] places) {
        this.places = places;
    }

    static ClusterReach of(SparseVector source, SpaceVersion version, int ordinal) {
        List<Integer> strongest =
                new ArrayList<>(IntStream.range(0, source.size()).boxed().toList());
        strongest.sort(Comparator.comparingDouble((Integer i) -> -source.weights()[i])
                .thenComparingInt(i -> source.columns()[i]));
        SparseRows rows = version.file().sparseRows();
        boolean streamed = ordinal >= rows.count();
        SparseVector row = version.sparse(ordinal);
        int[] places = new int[strongest.size()];
        for (int n = 0; n < places.length; n++) {
            int cluster = source.columns()[strongest.get(n)];
            int at = Arrays.binarySearch(row.columns(), cluster);
            if (at >= 0) {
                places[n] = streamed ? 1 : place(rows, ordinal, cluster, row.weights()[at]);
            }
        }
        return new ClusterReach(places);
    }

    /** Rows that were replaced keep their places in the lists. */
    private static int place(SparseRows rows, int ordinal, int cluster, double own) {
        int place = 1;
        for (int row = 0; row < rows.count(); row++) {
            double weight = row == ordinal ? 0 : weight(rows, row, cluster);
            place += weight > own || (weight == own && row < ordinal) ? 1 : 0;
        }
        return place;
    }

    private static double weight(SparseRows rows, int row, int column) {
        int low = 0;
        int high = rows.size(row) - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int at = rows.column(row, middle);
            if (at == column) {
                return rows.weight(row, middle);
            }
            low = at < column ? middle + 1 : low;
            high = at < column ? high : middle - 1;
        }
        return 0;
    }

    /** The least M that meets the row in the first N clusters. */
    OptionalInt itemsNeeded(int clustersScanned) {
        return IntStream.of(places)
                .limit(clustersScanned)
                .filter(place -> place > 0)
                .min();
    }

    /** The least N that meets the row within M items. */
    OptionalInt clustersNeeded(int itemsPerCluster) {
        return IntStream.rangeClosed(1, places.length)
                .filter(n -> places[n - 1] > 0 && places[n - 1] <= itemsPerCluster)
                .findFirst();
    }
}
