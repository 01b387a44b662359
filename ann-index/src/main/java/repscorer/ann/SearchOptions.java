package repscorer.ann;

/**
 * What one dense search asks for.
 *
 * @param k how many rows to answer, at least 1
 * @param ef the length of the candidate list an approximate engine keeps, at least 1; engines raise it to k
 * @param filter which ordinals may be answered
 * @param scoreMin the least score to answer; {@link Float#NEGATIVE_INFINITY} for none
 * @param exact true to scan every row, whatever the engine
 */
public record SearchOptions(int k, int ef, OrdinalFilter filter, float scoreMin, boolean exact) {

    public static final int EF_DEFAULT = 100;

    public SearchOptions {
        if (k < 1) {
            throw new IllegalArgumentException("k must be at least 1: " + k);
        }
        if (ef < 1) {
            throw new IllegalArgumentException("ef must be at least 1: " + ef);
        }
        if (Float.isNaN(scoreMin)) {
            throw new IllegalArgumentException("scoreMin must be a number: NaN");
        }
    }

    /** The best {@code k} of all rows with the default ef. */
    public static SearchOptions of(int k) {
        return new SearchOptions(k, EF_DEFAULT, OrdinalFilter.ALL, Float.NEGATIVE_INFINITY, false);
    }

    public SearchOptions withEf(int ef) {
        return new SearchOptions(k, ef, filter, scoreMin, exact);
    }

    public SearchOptions withFilter(OrdinalFilter filter) {
        return new SearchOptions(k, ef, filter, scoreMin, exact);
    }

    public SearchOptions withScoreMin(float scoreMin) {
        return new SearchOptions(k, ef, filter, scoreMin, exact);
    }

    public SearchOptions exactly() {
        return new SearchOptions(k, ef, filter, scoreMin, true);
    }
}
