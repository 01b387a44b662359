package repscorer.analysis.statistics;

/** A closed interval of numbers; its ends may be infinite. Immutable. */
public record Interval(double low, double high) {

    public Interval {
        if (!(low <= high)) {
            throw new IllegalArgumentException("an interval goes upwards: %s to %s".formatted(low, high));
        }
    }

    /** What lies within {@code half} of a value. */
    public static Interval around(double value, double half) {
        return new Interval(value - half, value + half);
    }

    public boolean contains(double value) {
        return low <= value && value <= high;
    }

    /** With each end multiplied: by a negative factor they change places. */
    public Interval times(double factor) {
        return new Interval(Math.min(low * factor, high * factor), Math.max(low * factor, high * factor));
    }
}
