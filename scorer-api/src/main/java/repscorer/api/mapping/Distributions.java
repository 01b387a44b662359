package repscorer.api.mapping;

import repscorer.core.drift.Distribution;
import repscorer.wire.ComparisonResponse.DistributionBody;

/** Writes distributions as wire records. */
public final class Distributions {

    private Distributions() {}

    public static DistributionBody body(Distribution each) {
        return new DistributionBody(
                each.count(),
                each.mean(),
                each.min(),
                each.p1(),
                each.p10(),
                each.p50(),
                each.p90(),
                each.p99(),
                each.max(),
                each.bins());
    }
}
