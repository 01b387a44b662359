package repscorer.ann.hnsw;

/**
 * What a graph is made of.
 *
 * @param inGraph rows that can be walked to
 * @param levels how many levels there are, the lowest included; 0 without rows
 * @param degreeMin the fewest links of a row on the lowest level
 * @param degreeMean its mean
 * @param degreeMax the most
 * @param unreachable rows of the graph that no path on the lowest level leads to from the entry point
 * @param repaired rows that none led to before the build's last step mended it
 * @param linkBytes memory of the lowest level's links
 * @param upperBytes memory of the levels above
 * @param codeBytes memory of what is walked over besides the float32 rows
 */
public record HnswStats(
        int inGraph,
        int levels,
        int degreeMin,
        double degreeMean,
        int degreeMax,
        int unreachable,
        int repaired,
        long linkBytes,
        long upperBytes,
        long codeBytes) {}
