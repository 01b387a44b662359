package repscorer.text;

/** Numbers as tools write them, into float32: what is only Java's way of writing one is none, and what is too large is told. */
public final class Numbers {

    private Numbers() {}

    /**
     * A decimal number, or {@code NaN}, {@code Infinity} and {@code -Infinity}; spaces around it are passed over.
     *
     * @throws NumberFormatException when the text is no number
     * @throws ArithmeticException when float32 has none as large
     */
    public static float float32(String text) {
        String number = text.strip();
        for (int i = 0; i < number.length(); i++) {
            char c = number.charAt(i);
            boolean javas = "xXfFdD".indexOf(c) >= 0 && !number.endsWith("Infinity"); // 0x1p0, 1f and 2d
            if (javas || c <= ' ') { // which Java drops, be they control characters
                throw new NumberFormatException(number);
            }
        }
        float value = Float.parseFloat(number);
        if (Float.isInfinite(value) && !number.endsWith("Infinity")) {
            throw new ArithmeticException(number);
        }
        return value;
    }

    /**
     * The nearest one.
     *
     * @throws ArithmeticException when float32 has none as large
     */
    public static float float32(double value) {
        float nearest = (float) value;
        if (Float.isInfinite(nearest) && !Double.isInfinite(value)) {
            throw new ArithmeticException(Double.toString(value));
        }
        return nearest;
    }

    /** The float nearest to 64 bits without a sign. */
    public static float unsigned(long value) {
        return value >= 0 ? value : 2f * (value >>> 1 | value & 1);
    }
}
