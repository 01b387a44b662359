package repscorer.benchmarks.engines;

import repscorer.vector.Metric;

/** An index to be measured: built once, searched by one thread. */
interface Engine extends AutoCloseable {

    /** Which library and version this is, and what of it that bears on speed was chosen. */
    String version();

    /** Puts the rows of the build to come where it reads them from, so that a timed build need not; may be left out. */
    default void beforeBuild(float[][] rows) {}

    /**
     * Builds the index with {@link BuildSettings}' M and efConstruction, where it has such.
     *
     * @param rows n × d, not zero under {@link Metric#COSINE}; the engine's from now on
     */
    void build(float[][] rows, Metric metric, BuildSettings settings) throws Exception;

    /** Up to {@code k} ordinals, in any order. An engine without an ef ignores it. */
    int[] search(float[] query, int k, int ef) throws Exception;

    /** What the index takes in memory or mapped files, the float32 rows included. */
    long bytes();

    @Override
    void close() throws Exception;
}
