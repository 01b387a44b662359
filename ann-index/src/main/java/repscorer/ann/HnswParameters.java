package repscorer.ann;

/**
 * How an HNSW graph is built (Malkov and Yashunin, 2016).
 *
 * @param m M: links a node keeps per layer (twice as many on the lowest), 2 to 128
 * @param efConstruction the candidate list's length while inserting, at least m
 * @param seed of the nodes' levels; an engine that cannot be seeded says so and ignores it
 */
public record HnswParameters(int m, int efConstruction, long seed) {

    public static final HnswParameters DEFAULT = new HnswParameters(16, 200, 42);

    public HnswParameters {
        if (m < 2 || m > 128) {
            throw new IllegalArgumentException("m must be 2 to 128: " + m);
        }
        if (efConstruction < m) {
            throw new IllegalArgumentException(
                    "efConstruction must be at least m: efConstruction=%s, m=%s".formatted(efConstruction, m));
        }
    }
}
