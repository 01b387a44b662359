package repscorer.benchmarks.engines;

import org.apache.lucene.util.VectorUtil;

/** Lucene's similarities of two vectors, as a peer of ours. */
public final class LucenePairs {

    private LucenePairs() {}

    public static float cosine(float[] a, float[] b) {
        return VectorUtil.cosine(a, b);
    }

    public static float dot(float[] a, float[] b) {
        return VectorUtil.dotProduct(a, b);
    }
}
