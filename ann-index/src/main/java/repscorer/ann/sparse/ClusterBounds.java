package repscorer.ann.sparse;

import repscorer.ann.ScoreBounds;

/** What one query's lists tell of every item's score. */
final class ClusterBounds implements ScoreBounds {

    private final ClusterIndex index;
    private final Scratch scratch;
    private final int itemNorm;
    private final double sourceNorm;
    private final double left;
    private boolean closed;

    ClusterBounds(ClusterIndex index, Scratch scratch, int itemNorm, double sourceNorm, double left) {
        this.index = index;
        this.scratch = scratch;
        this.itemNorm = itemNorm;
        this.sourceNorm = sourceNorm;
        this.left = left;
    }

    @Override
    public double upper(int ordinal) {
        int place = scratch.place(ordinal);
        return place < 0 ? upperOfUnmet() : index.bound(place, left, itemNorm, sourceNorm, scratch);
    }

    /** Of items that are in none of the lists; 0 where the lists are whole. */
    private double upperOfUnmet() {
        return left == 0 ? 0 : ClusterIndex.SLACK * left / sourceNorm;
    }

    /** O(items met). */
    @Override
    public double upperOfAll() {
        double greatest = upperOfUnmet();
        for (int place = 0; place < scratch.size(); place++) {
            greatest = Math.max(greatest, index.bound(place, left, itemNorm, sourceNorm, scratch));
        }
        return greatest;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            index.giveBack(scratch);
        }
    }
}
