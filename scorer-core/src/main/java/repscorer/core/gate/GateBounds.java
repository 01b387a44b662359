package repscorer.core.gate;

/**
 * How far a space of a release may be from the same space of the live one. What is 0, or infinitely much, holds nothing.
 *
 * @param countMin the least count of rows, by that of the live release
 * @param countMax the most
 * @param coverageMin the least share of the live release's ids that are still there
 * @param normShiftMax the greatest factor by which the median and the 99th percentile of norms may differ, up or down; of sparse rows
 *     the median of the sum of weights
 * @param neighboursMin the least share of an id's ten nearest that stay, above what chance leaves: 0 is chance, 1 all
 * @param rowsMin the same of the columns of sparse rows that are looked up and never searched, such as whom somebody follows
 * @param codesErrorMax the greatest squared error of rows that are decoded from codes, as a share of their squares
 */
public record GateBounds(
        double countMin,
        double countMax,
        double coverageMin,
        double normShiftMax,
        double neighboursMin,
        double rowsMin,
        double codesErrorMax) {

    public static final GateBounds DEFAULT = new GateBounds(.5, 10, .5, 3, .1, .1, .5);

    private static final double FACTOR_MAX = 1e6;

    public GateBounds {
        range("count-min", countMin, 0, 1);
        range("count-max", countMax, 1, FACTOR_MAX);
        range("coverage-min", coverageMin, 0, 1);
        range("norm-shift-max", normShiftMax, 1, FACTOR_MAX);
        range("neighbours-min", neighboursMin, 0, 1);
        range("rows-min", rowsMin, 0, 1);
        range("codes-error-max", codesErrorMax, 0, FACTOR_MAX);
    }

    private static void range(String key, double value, double min, double max) {
        if (!(value >= min && value <= max)) {
            throw new IllegalArgumentException(
                    "%s must be %s to %s: %s".formatted(key, Math.round(min), Math.round(max), value));
        }
    }
}
