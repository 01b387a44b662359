package repscorer.core.store.gate;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/**
 * One thing that a release was held to.
 *
 * @param gate its name, such as {@code coverage}
 * @param place what was measured, such as the space
 * @param value that was measured
 * @param min the least that passes; negative infinity where nothing is too little
 * @param max the most that passes; infinity where nothing is too much
 */
public record GateResult(String gate, String place, double value, double min, double max) {

    /** @throws IllegalArgumentException for what is no number */
    public GateResult {
        if (Double.isNaN(value) || Double.isNaN(min) || Double.isNaN(max)) {
            throw new IllegalArgumentException("a gate measures numbers: %s of %s".formatted(gate, place));
        }
    }

    public static GateResult atLeast(String gate, String place, double value, double min) {
        return new GateResult(gate, place, value, min, Double.POSITIVE_INFINITY);
    }

    public static GateResult atMost(String gate, String place, double value, double max) {
        return new GateResult(gate, place, value, Double.NEGATIVE_INFINITY, max);
    }

    public boolean passed() {
        return value >= min && value <= max;
    }

    /** The gate, the place, the value and the bound. */
    public String words() {
        String bound = min == Double.NEGATIVE_INFINITY
                ? "at most " + shown(max)
                : max == Double.POSITIVE_INFINITY
                        ? "at least " + shown(min)
                        : "%s to %s".formatted(shown(min), shown(max));
        return String.format(Locale.ROOT, "%s of %s must be %s: %.4f", gate, place, bound, value);
    }

    private static String shown(double bound) {
        return new BigDecimal(bound)
                .round(new MathContext(4))
                .stripTrailingZeros()
                .toPlainString();
    }
}
