package repscorer.analysis.statistics;

/** Means, variances and the covariance of pairs, added one by one without loss by cancellation. Not safe for concurrent use. */
public final class PairMoments {

    /* Welford's updates: Technometrics 4 (1962), 419-420. */

    private long count;
    private double meanX;
    private double meanY;
    private double squaresX;
    private double squaresY;
    private double products;

    public void add(double x, double y) {
        count++;
        double dx = x - meanX;
        double dy = y - meanY;
        meanX += dx / count;
        meanY += dy / count;
        squaresX += dx * (x - meanX);
        squaresY += dy * (y - meanY);
        products += dx * (y - meanY);
    }

    public long count() {
        return count;
    }

    public double meanX() {
        return meanX;
    }

    public double meanY() {
        return meanY;
    }

    /** Of the population the pairs are from: divided by n − 1; 0 for fewer than two. */
    public double varianceX() {
        return over(squaresX);
    }

    /** As {@link #varianceX}. */
    public double varianceY() {
        return over(squaresY);
    }

    /** As {@link #varianceX}. */
    public double covariance() {
        return over(products);
    }

    private double over(double sum) {
        return count < 2 ? 0 : sum / (count - 1);
    }
}
