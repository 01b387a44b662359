package repscorer.core.gate;

/**
 * What surfaces are to find of edges that no training has seen.
 *
 * @param file that lists the edges; empty for none
 * @param k how many candidates are asked for
 * @param sources of each surface that are asked, at most
 * @param recallMin the least recall@k, by that of the live release; 0 holds nothing
 */
public record HeldOutOptions(String file, int k, int sources, double recallMin) {

    public static final HeldOutOptions DEFAULT = new HeldOutOptions("", 10, 1_000, .9);

    private static final int SOURCES_MAX = 100_000;
    private static final int K_MAX = 1_000;

    public HeldOutOptions {
        if (k < 1 || k > K_MAX) {
            throw new IllegalArgumentException("k must be 1 to %s: %s".formatted(K_MAX, k));
        }
        if (sources < HeldOutGate.SOURCES_MIN || sources > SOURCES_MAX) {
            throw new IllegalArgumentException(
                    "sources must be %s to %s: %s".formatted(HeldOutGate.SOURCES_MIN, SOURCES_MAX, sources));
        }
        if (!(recallMin >= 0 && recallMin <= 1)) {
            throw new IllegalArgumentException("recall-min must be 0 to 1: %s".formatted(recallMin));
        }
    }
}
