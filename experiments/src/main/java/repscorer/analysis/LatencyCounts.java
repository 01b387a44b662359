package repscorer.analysis;

/** How long answers took, in steps of a fiftieth. Not safe for concurrent use. */
final class LatencyCounts {

    private static final double STEP = Math.log(1.02);

    private final long[] counts = new long[1_200];
    private long all;

    void add(long micros) {
        int step = (int) (Math.log(Math.max(1, micros)) / STEP);
        counts[Math.min(counts.length - 1, step)]++;
        all++;
    }

    /** The time that a share of answers kept within, in milliseconds; 0 for none. */
    double millis(double share) {
        long seen = 0;
        for (int step = 0; step < counts.length; step++) {
            seen += counts[step];
            if (all > 0 && seen >= share * all) {
                return Math.exp((step + .5) * STEP) / 1_000;
            }
        }
        return 0;
    }
}
