package repscorer.core.blend;

/**
 * What a blend made of its columns: a score for each candidate, and how each column took part in it. Immutable for its
 * readers; columns and candidates are known by their places.
 */
public final class Blend {

    final double[] scores;
    final double[][] normalized;
    final double[][] weights;
    final double[][] contributions;
    final int[][] ranks;
    final ColumnStatistics[] statistics;

    Blend(int columns, int candidates) {
        scores = new double[candidates];
        normalized = new double[columns][candidates];
        weights = new double[columns][candidates];
        contributions = new double[columns][candidates];
        ranks = new int[columns][];
        statistics = new ColumnStatistics[columns];
    }

    /** Whether a candidate has a score: it has a column that counts, or no column counts and it has any. */
    public boolean ranked(int candidate) {
        return !Double.isNaN(scores[candidate]);
    }

    /** The sum of the candidate's contributions; NaN for one that is not ranked. */
    public double score(int candidate) {
        return scores[candidate];
    }

    /** All scores by candidate; not to be changed. */
    public double[] scores() {
        return scores;
    }

    /** The column that added most to a candidate's score; of equals the first. */
    public int greatestContribution(int candidate) {
        int best = 0;
        for (int c = 1; c < contributions.length; c++) {
            best = contributions[c][candidate] > contributions[best][candidate] ? c : best;
        }
        return best;
    }

    /** What the normaliser knew of a column. */
    public ColumnStatistics statistics(int column) {
        return statistics[column];
    }

    /** The value on the common scale, higher is closer; NaN where the column is missing. */
    public double normalized(int column, int candidate) {
        return normalized[column][candidate];
    }

    /** The weight in effect; 0 where the column is missing. */
    public double weight(int column, int candidate) {
        return weights[column][candidate];
    }

    /** What the column added to the score; 0 where it is missing. */
    public double contribution(int column, int candidate) {
        return contributions[column][candidate];
    }

    /** The rank within the column from 1; 0 where it is missing or the recipe does not rank. */
    public int rank(int column, int candidate) {
        return ranks[column] == null ? 0 : ranks[column][candidate];
    }
}
