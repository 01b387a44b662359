package repscorer.ann.sparse;

import repscorer.ann.ScoreBounds;

/** What one query's lists tell of every item's score. */
final class ClusterBounds implements ScoreBounds {

    private final ClusterIndex index;
    private final Scratch scratch;
    private final double[] products;
    private final double[] norms;
    private final double sourceNorm;

    /** What lists that are cut could add, over the item's norm. */
    private final double dropped;

    private boolean closed;

    ClusterBounds(ClusterIndex index, Scratch scratch, double[] norms, double sourceNorm, double dropped) {
        this.index = index;
        this.scratch = scratch;
        this.products = scratch.sums().products();
        this.norms = norms;
        this.sourceNorm = sourceNorm;
        this.dropped = dropped;
    }

    @Override
    public double upper(int ordinal) {
        double product = products[ordinal];
        return product == 0 ? upperOfUnmet() : WholeSearch.SLACK * (product / norms[ordinal] + dropped) / sourceNorm;
    }

    /** Of items that are in none of the lists; 0 where the lists are whole. */
    private double upperOfUnmet() {
        return dropped == 0 ? 0 : WholeSearch.SLACK * dropped / sourceNorm;
    }

    /** O(items met). */
    @Override
    public double upperOfAll() {
        double greatest = upperOfUnmet();
        int[] met = scratch.sums().met();
        int size = scratch.sums().size();
        for (int place = 0; place < size; place++) {
            greatest = Math.max(greatest, upper(met[place]));
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
