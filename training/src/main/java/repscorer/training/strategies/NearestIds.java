package repscorer.training.strategies;

import java.util.HashSet;
import java.util.Set;
import repscorer.ann.SearchStats;
import repscorer.ann.TopK;
import repscorer.training.graph.EntityIndex;
import repscorer.vector.VectorOps;

/** The nearest rows of a row by the cosine, by name. O(rows · dimension). */
final class NearestIds {

    private NearestIds() {}

    static Set<String> of(EntityIndex index, float[] rows, int d, int row, int k) {
        TopK best = new TopK(k);
        float[] own = new float[d];
        System.arraycopy(rows, row * d, own, 0, d);
        for (int other = 0; other < index.count(); other++) {
            float squares = VectorOps.dot(rows, other * d, rows, other * d, d);
            if (other != row && squares > 0) {
                best.offer(other, VectorOps.dot(own, 0, rows, other * d, d) / (float) Math.sqrt(squares));
            }
        }
        Set<String> ids = new HashSet<>();
        for (int ordinal : best.drain(new SearchStats(SearchStats.Plan.EXACT, index.count(), 0))
                .ordinals()) {
            ids.add(index.value(ordinal));
        }
        return ids;
    }

    static double overlap(Set<String> a, Set<String> b) {
        Set<String> both = new HashSet<>(a);
        both.retainAll(b);
        return (double) both.size() / Math.max(1, Math.max(a.size(), b.size()));
    }
}
