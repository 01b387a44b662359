package repscorer.core.explain;

import java.util.OptionalInt;
import java.util.function.IntPredicate;

/** Seeks the least value of a setting that does: one that does where the next smaller one does not. Stateless. */
final class LeastValue {

    private LeastValue() {}

    /**
     * Steps up from a guess, twice as far each time, then halves: O(log max) trials.
     *
     * @param fails a value that does not do
     * @param guess where to begin
     * @param does tried for values above {@code fails}
     * @return empty where none up to {@code max} was found
     */
    static OptionalInt above(int fails, int guess, int max, IntPredicate does) {
        if (fails >= max) {
            return OptionalInt.empty();
        }
        int low = fails;
        int high = Math.clamp(guess, fails + 1, max);
        while (!does.test(high)) {
            if (high == max) {
                return OptionalInt.empty();
            }
            low = high;
            high = (int) Math.min(max, 2L * high);
        }
        // A good guess is the least itself: one trial shows it.
        for (int middle = high - 1; low < middle; middle = low + (high - low) / 2) {
            if (does.test(middle)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return OptionalInt.of(high);
    }
}
