package repscorer.core.embedding;

import java.util.Optional;

/**
 * What a space does with vectors without length, how long it keeps versions, how its vectors grow old, and what they are made of.
 *
 * @param engagements where vectors are made from those, which need a half-life and a time to live; empty where they are sent
 */
public record SpacePolicy(
        ZeroVectors zeroVectors, Retention retention, Aging aging, Optional<EngagementRule> engagements) {

    /** Zero vectors are refused. */
    public static final SpacePolicy REFUSING = new SpacePolicy(ZeroVectors.REFUSE, Retention.STORES);

    /** Zero vectors are kept. */
    public static final SpacePolicy KEEPING = new SpacePolicy(ZeroVectors.KEEP, Retention.STORES);

    public SpacePolicy {
        if (engagements.isPresent()
                && (aging.halfLife().isEmpty() || aging.timeToLive().isEmpty())) {
            throw new IllegalArgumentException("vectors from engagements have a half-life and a time-to-live");
        }
    }

    /** Of vectors that stay as they are. */
    public SpacePolicy(ZeroVectors zeroVectors, Retention retention) {
        this(zeroVectors, retention, Aging.NONE, Optional.empty());
    }

    /** The same with vectors that grow old. */
    public SpacePolicy with(Aging other) {
        return new SpacePolicy(zeroVectors, retention, other, engagements);
    }

    /** The same with vectors that are made from engagements. */
    public SpacePolicy with(EngagementRule rule) {
        return new SpacePolicy(zeroVectors, retention, aging, Optional.of(rule));
    }
}
