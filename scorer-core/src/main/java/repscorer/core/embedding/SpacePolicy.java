package repscorer.core.embedding;

/** What a space does with vectors without length, and how long it keeps versions. */
public record SpacePolicy(ZeroVectors zeroVectors, Retention retention) {

    /** Zero vectors are refused. */
    public static final SpacePolicy REFUSING = new SpacePolicy(ZeroVectors.REFUSE, Retention.STORES);

    /** Zero vectors are kept. */
    public static final SpacePolicy KEEPING = new SpacePolicy(ZeroVectors.KEEP, Retention.STORES);
}
