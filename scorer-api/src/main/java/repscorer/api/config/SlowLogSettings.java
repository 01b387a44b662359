package repscorer.api.config;

import java.time.Duration;
import org.springframework.util.unit.DataSize;

/**
 * Which requests are written down with what they were answered by: {@code slow-log} of {@code scorer.yaml}.
 *
 * @param threshold requests that take as long; zero for none
 * @param perSecond lines in a second at most; the others are counted
 * @param fileMax from this size on the file is put aside, in place of the one before
 */
public record SlowLogSettings(Duration threshold, int perSecond, DataSize fileMax) {

    public static final SlowLogSettings DEFAULT = new SlowLogSettings(Duration.ZERO, 10, DataSize.ofMegabytes(16));

    public SlowLogSettings {
        ServiceSettings.check(
                !threshold.isNegative() && threshold.compareTo(Duration.ofHours(1)) <= 0,
                "threshold must be 0s to 1h: %s ms".formatted(threshold.toMillis()));
        ServiceSettings.range("per-second", perSecond, 1, 10_000);
        ServiceSettings.range("file-max in bytes", fileMax.toBytes(), 65_536, 1L << 40);
    }

    public boolean enabled() {
        return threshold.isPositive();
    }
}
