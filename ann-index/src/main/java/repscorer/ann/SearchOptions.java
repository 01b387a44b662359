package repscorer.ann;

/**
 * What one dense search asks for.
 *
 * @param k how many rows to answer, at least 1
 * @param ef the effort of an approximate engine, at least 1: the length of its candidate list, which engines raise to k
 * @param filter which ordinals may be answered
 * @param scoreMin the least score to answer; {@link Float#NEGATIVE_INFINITY} for none
 * @param exact true to scan every row, whatever the engine
 * @param recallTarget the share of the true best k to find on average, above 0 and below 1, in place of {@code ef} where the
 *     engine has learnt what that takes; 0 for none
 * @param deadlineNanos when to answer with what was found so far, in terms of {@link System#nanoTime}; {@link #NO_DEADLINE}
 *     for never
 */
public record SearchOptions(
        int k, int ef, OrdinalFilter filter, float scoreMin, boolean exact, float recallTarget, long deadlineNanos) {

    public static final int EF_DEFAULT = 100;

    public static final long NO_DEADLINE = Long.MAX_VALUE;

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
        if (!(recallTarget >= 0 && recallTarget < 1)) {
            throw new IllegalArgumentException("recallTarget must be at least 0 and below 1: " + recallTarget);
        }
    }

    /** Without a recall target and a deadline. */
    public SearchOptions(int k, int ef, OrdinalFilter filter, float scoreMin, boolean exact) {
        this(k, ef, filter, scoreMin, exact, 0, NO_DEADLINE);
    }

    /** The best {@code k} of all rows with the default ef. */
    public static SearchOptions of(int k) {
        return new SearchOptions(k, EF_DEFAULT, OrdinalFilter.ALL, Float.NEGATIVE_INFINITY, false);
    }

    public SearchOptions withEf(int ef) {
        return new SearchOptions(k, ef, filter, scoreMin, exact, recallTarget, deadlineNanos);
    }

    public SearchOptions withFilter(OrdinalFilter filter) {
        return new SearchOptions(k, ef, filter, scoreMin, exact, recallTarget, deadlineNanos);
    }

    public SearchOptions withScoreMin(float scoreMin) {
        return new SearchOptions(k, ef, filter, scoreMin, exact, recallTarget, deadlineNanos);
    }

    public SearchOptions withRecallTarget(float recallTarget) {
        return new SearchOptions(k, ef, filter, scoreMin, exact, recallTarget, deadlineNanos);
    }

    /** Whether a deadline has come; {@link #NO_DEADLINE} never does. */
    public static boolean isOver(long deadlineNanos) {
        return deadlineNanos != NO_DEADLINE && System.nanoTime() - deadlineNanos >= 0;
    }

    public SearchOptions withDeadline(long deadlineNanos) {
        return new SearchOptions(k, ef, filter, scoreMin, exact, recallTarget, deadlineNanos);
    }

    public SearchOptions exactly() {
        return new SearchOptions(k, ef, filter, scoreMin, true, recallTarget, deadlineNanos);
    }
}
