package repscorer.core.align;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import repscorer.core.align.Alignment.Quality;
import repscorer.core.request.ComputePermits;
import repscorer.vector.Metric;
import repscorer.vector.VectorOps;

/** Judges maps in one direction by ids that they were not fitted on. For one thread. */
final class HeldOutRecall {

    private static final int QUERIES_MAX = 500;
    private static final int QUERIES_MIN = 50;

    /** Values that are read at most for all maps together; above that fewer ids are asked for. */
    private static final long VALUES_MAX = 4_000_000_000L;

    private static final int SEARCHES = 4; // the truth and three maps

    private final List<AlignedRows> from;
    private final List<AlignedRows> to;
    private final SharedIds ids;
    private final int begin;
    private final int end;
    private final List<Truth> truths = new ArrayList<>();

    /** What the id's own row finds. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Truth(int number, int[] nearest) {}

    /** @param end of the drawn ids that judge; they begin at {@code begin} */
    HeldOutRecall(List<AlignedRows> from, List<AlignedRows> to, SharedIds ids, int begin, int end) {
        this.from = from;
        this.to = to;
        this.ids = ids;
        this.begin = begin;
        this.end = end;
        long values = 1;
        for (AlignedRows each : to) {
            values = Math.max(values, (long) each.end() * each.dimension());
        }
        int queries = (int) Math.clamp(VALUES_MAX / SEARCHES / values, QUERIES_MIN, QUERIES_MAX);
        for (int i = begin; i < Math.min(end, begin + queries); i++) {
            ComputePermits.checkTime();
            AlignedRows rows = to.get(ids.spaces()[i]);
            float[] own = new float[rows.dimension()];
            rows.copy(ids.b()[i], own);
            if (searchable(rows, own)) {
                truths.add(new Truth(i, rows.nearest(own, Alignment.NEIGHBORS, ids.b()[i])));
            }
        }
    }

    Quality of(Adapter adapter) {
        return new Quality(cosine(adapter), recall(adapter));
    }

    private double cosine(Adapter adapter) {
        double sum = 0;
        for (int i = begin; i < end; i++) {
            AlignedRows rows = to.get(ids.spaces()[i]);
            float[] own = new float[rows.dimension()];
            rows.copy(ids.b()[i], own);
            sum += VectorOps.cosine(mapped(adapter, i), own);
        }
        return end > begin ? sum / (end - begin) : 0;
    }

    private double recall(Adapter adapter) {
        long found = 0;
        long all = 0;
        for (Truth truth : truths) {
            ComputePermits.checkTime();
            int i = truth.number;
            AlignedRows rows = to.get(ids.spaces()[i]);
            float[] query = mapped(adapter, i);
            all += truth.nearest.length;
            if (searchable(rows, query)) {
                Set<Integer> wanted = new HashSet<>();
                Arrays.stream(truth.nearest).forEach(wanted::add);
                for (int ordinal : rows.nearest(query, Alignment.NEIGHBORS, ids.b()[i])) {
                    found += wanted.contains(ordinal) ? 1 : 0;
                }
            }
        }
        return all == 0 ? 0 : (double) found / all;
    }

    private float[] mapped(Adapter adapter, int i) {
        float[] row = new float[adapter.in()];
        from.get(ids.spaces()[i]).copy(ids.a()[i], row);
        return adapter.apply(row);
    }

    private static boolean searchable(AlignedRows rows, float[] query) {
        return rows.index().metric() != Metric.COSINE || VectorOps.norm(query) > 0;
    }
}
