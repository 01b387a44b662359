package repscorer.core.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import repscorer.ann.DenseIndex;
import repscorer.ann.Neighbors;
import repscorer.ann.SearchOptions;
import repscorer.ann.SparseIndex;
import repscorer.ann.SparseSearchOptions;
import repscorer.core.entity.EntityId;
import repscorer.core.request.ComputePermits;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

/** The nearest rows of drawn ids, in each of two releases. */
final class NeighborLists {

    /** Fronts that are compared. */
    private static final int[] K = {10, 50};

    private static final int K_MAX = 50;
    private static final int DRAWN_MAX = 500;
    private static final int DRAWN_MIN = 50;

    /** Values that are read at most where every row is looked at; above that fewer ids are asked for, and then an index. */
    private static final long VALUES_MAX = 8_000_000_000L;

    /** What a sparse row costs at most where all are ranked: bounds save the look at most of them. */
    private static final int SPARSE_VALUES = 64;

    /** The effort where an index is asked, well above what requests take. */
    private static final int EF = 400;

    private NeighborLists() {}

    /** Empty where the space is not searched, or nothing was drawn. */
    static Optional<SpaceDrift.Neighbors> of(SpaceVersion a, SpaceVersion b, SharedRows rows) {
        return of(a, b, rows, VALUES_MAX);
    }

    /** @param valuesMax how many values are read at most where every row is looked at */
    static Optional<SpaceDrift.Neighbors> of(SpaceVersion a, SpaceVersion b, SharedRows rows, long valuesMax) {
        boolean dense = a.dense().isPresent() && b.dense().isPresent();
        boolean sparse = a.sparse().isPresent() && b.sparse().isPresent();
        if (rows.drawn() == 0 || (!dense && !sparse)) {
            return Optional.empty();
        }
        long ofOne = values(a, dense) + values(b, dense);
        int drawn =
                (int) Math.min(Math.min(rows.drawn(), DRAWN_MAX), Math.max(DRAWN_MIN, valuesMax / Math.max(1, ofOne)));
        boolean exact = sparse || drawn * ofOne <= valuesMax;
        List<List<EntityId>> first = new ArrayList<>();
        List<List<EntityId>> second = new ArrayList<>();
        for (int i = 0; i < drawn; i++) {
            ComputePermits.checkTime();
            int place = (int) ((long) i * rows.drawn() / drawn);
            first.add(nearest(a, rows.a()[place], exact));
            second.add(nearest(b, rows.b()[place], exact));
        }
        List<ListDrift> lists = new ArrayList<>();
        for (int k : K) {
            ListDrift.of(k, first, second).ifPresent(lists::add);
        }
        double chance = ListDrift.of(K[0], first, mixed(second))
                .map(each -> each.overlap().mean())
                .orElse(0.0);
        return Optional.of(new SpaceDrift.Neighbors(drawn, exact, lists, chance));
    }

    /** Each list in the place of another one's. */
    private static List<List<EntityId>> mixed(List<List<EntityId>> lists) {
        return Arrays.stream(SharedRows.others(lists.size()))
                .mapToObj(lists::get)
                .toList();
    }

    private static long values(SpaceVersion version, boolean dense) {
        return (long) version.ordinalsEnd() * (dense ? version.file().dimension() : SPARSE_VALUES);
    }

    private static List<EntityId> nearest(SpaceVersion version, int row, boolean exact) {
        Optional<DenseIndex> dense = version.dense();
        if (dense.isPresent()) {
            float[] query = version.dense(row);
            if (dense.get().metric() == Metric.COSINE && isZero(query)) {
                return List.of();
            }
            SearchOptions options = SearchOptions.of(K_MAX + 1).withEf(EF);
            return ids(version, row, dense.get().search(query, exact ? options.exactly() : options));
        }
        SparseIndex index = version.sparse().orElseThrow();
        SparseVector query = version.sparse(row);
        return query.isEmpty()
                ? List.of()
                : ids(
                        version,
                        row,
                        index.search(
                                query, SparseSearchOptions.of(K_MAX + 1).withMode(SparseSearchOptions.Mode.EXACT)));
    }

    private static boolean isZero(float[] values) {
        for (float value : values) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    /** Without the row itself. */
    private static List<EntityId> ids(SpaceVersion version, int row, Neighbors found) {
        List<EntityId> ids = new ArrayList<>();
        for (int ordinal : found.ordinals()) {
            if (ordinal != row && ids.size() < K_MAX) {
                ids.add(version.id(ordinal));
            }
        }
        return ids;
    }
}
