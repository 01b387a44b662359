package repscorer.core.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import repscorer.core.answer.ScoredCandidate.Anchor;
import repscorer.core.pair.RowPairs;
import repscorer.core.similarity.DensePairs;
import repscorer.core.similarity.Similarity;
import repscorer.core.store.SpaceVersion;

/** The anchors of one column that are nearest to its candidates, and how near they are to the source. For one request and one thread. */
final class NearestAnchors {

    private final String column;
    private final SpaceVersion rows;
    private final SpaceVersion anchors;
    private final KnownAnchors known;
    private final RowPairs toSource;
    private final DensePairs candidate;
    private final RowPairs toCandidate;
    private final float[] vector;
    private final int[] nearest = new int[Explainer.ANCHORS_MAX];

    /**
     * @param rows of candidates
     * @param source the column's query for them
     */
    NearestAnchors(String column, SpaceVersion rows, SpaceVersion anchors, float[] source) {
        this.column = column;
        this.rows = rows;
        this.anchors = anchors;
        this.known = KnownAnchors.of(rows, anchors);
        this.toSource = RowPairs.dense(new DensePairs(Similarity.COSINE, source), anchors);
        this.candidate = new DensePairs(Similarity.COSINE, source.length);
        this.toCandidate = RowPairs.dense(candidate, anchors);
        this.vector = new float[source.length];
    }

    /** Nearest first. O(dimension) for a row of the base that was asked for before, O(anchors · dimension) else. */
    List<Anchor> of(int ordinal) {
        rows.copyDense(ordinal, vector);
        candidate.source(vector);
        int n = find(ordinal);
        List<Anchor> found = new ArrayList<>(n);
        for (int rank = 0; rank < n; rank++) {
            int anchor = nearest[rank];
            double cosine = toSource.score(anchor);
            found.add(new Anchor(
                    column, anchors.id(anchor), toCandidate.score(anchor), Double.isNaN(cosine) ? 0 : cosine));
        }
        return found;
    }

    private int find(int ordinal) {
        boolean isOfBase = ordinal < rows.file().count();
        int n = isOfBase ? known.read(ordinal, nearest) : -1;
        if (n >= 0) {
            return n;
        }
        FewBest best = search();
        if (isOfBase) {
            known.keep(ordinal, best);
        }
        for (int rank = 0; rank < best.size(); rank++) {
            nearest[rank] = best.item(rank);
        }
        return best.size();
    }

    private FewBest search() {
        int[] ordinals = new int[anchors.ordinalsEnd()];
        Arrays.setAll(ordinals, i -> anchors.live(i) ? i : -1);
        double[] cosines = new double[ordinals.length];
        toCandidate.score(ordinals, ordinals.length, cosines);
        FewBest best =
                new FewBest(Explainer.ANCHORS_MAX, (a, b) -> anchors.id(a).compareTo(anchors.id(b)));
        for (int i = 0; i < cosines.length; i++) {
            best.offer(i, cosines[i]);
        }
        return best;
    }
}
