package repscorer.core.embedding;

/** What a space does with vectors without length, how long it keeps versions, and how its vectors grow old. */
public record SpacePolicy(ZeroVectors zeroVectors, Retention retention, Aging aging) {

    /** Zero vectors are refused. */
    public static final SpacePolicy REFUSING = new SpacePolicy(ZeroVectors.REFUSE, Retention.STORES);

    /** Zero vectors are kept. */
    public static final SpacePolicy KEEPING = new SpacePolicy(ZeroVectors.KEEP, Retention.STORES);

    /** Of vectors that stay as they are. */
    public SpacePolicy(ZeroVectors zeroVectors, Retention retention) {
        this(zeroVectors, retention, Aging.NONE);
    }

    /** The same with vectors that grow old. */
    public SpacePolicy with(Aging other) {
        return new SpacePolicy(zeroVectors, retention, other);
    }
}
