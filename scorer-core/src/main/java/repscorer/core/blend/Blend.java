package repscorer.core.blend;

import java.util.List;

/**
 * What a blend made of its columns: a score for each candidate, and how each column took part in it, which is worked out for
 * the few that ask. Immutable for its readers, as long as the columns' values are; columns and candidates are known by
 * their places.
 */
public final class Blend {

    private final List<Column> columns;
    private final ColumnStatistics[] statistics;
    private final double[] scores;
    private final Parts parts;

    /** How a recipe takes a column that is there for a candidate. */
    interface Parts {

        /** The value on the common scale, higher is closer. */
        double normalized(int column, int candidate);

        /** The weight in effect for a candidate that is ranked. */
        double weight(int column, int candidate);

        /** The rank within the column from 1; 0 where the recipe does not rank. */
        default int rank(int column, int candidate) {
            return 0;
        }
    }

    Blend(List<Column> columns, ColumnStatistics[] statistics, double[] scores, Parts parts) {
        this.columns = columns;
        this.statistics = statistics;
        this.scores = scores;
        this.parts = parts;
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
        double greatest = contribution(0, candidate);
        for (int c = 1; c < columns.size(); c++) {
            double contribution = contribution(c, candidate);
            if (contribution > greatest) {
                greatest = contribution;
                best = c;
            }
        }
        return best;
    }

    /** What the normaliser knew of a column. O(values) where it did not need all of it. */
    public ColumnStatistics statistics(int column) {
        return statistics[column].whole(columns.get(column));
    }

    /** The value on the common scale, higher is closer; NaN where the column is missing. */
    public double normalized(int column, int candidate) {
        return columns.get(column).present(candidate) ? parts.normalized(column, candidate) : Double.NaN;
    }

    /** The weight in effect; 0 where the column is missing. */
    public double weight(int column, int candidate) {
        return takesPart(column, candidate) ? parts.weight(column, candidate) : 0;
    }

    /** What the column added to the score; 0 where it is missing. */
    public double contribution(int column, int candidate) {
        return takesPart(column, candidate) ? parts.weight(column, candidate) * parts.normalized(column, candidate) : 0;
    }

    private boolean takesPart(int column, int candidate) {
        return ranked(candidate) && columns.get(column).present(candidate);
    }

    /** The rank within the column from 1; 0 where it is missing or the recipe does not rank. */
    public int rank(int column, int candidate) {
        return parts.rank(column, candidate);
    }
}
