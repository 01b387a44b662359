package repscorer.decisions;

import java.time.Duration;

/**
 * How much a log keeps.
 *
 * @param fileBytesMax from this size on another file is begun
 * @param fileAgeMax from this age on another file is begun
 * @param totalBytesMax of all files together; the oldest are deleted
 */
public record LogLimits(long fileBytesMax, Duration fileAgeMax, long totalBytesMax) {

    public static final LogLimits DEFAULT = new LogLimits(64L << 20, Duration.ofHours(1), 10L << 30);

    public LogLimits {
        if (fileBytesMax < 1 || totalBytesMax < fileBytesMax || !fileAgeMax.isPositive()) {
            throw new IllegalArgumentException(
                    "a log's files must have room for a byte, time above 0, and fit into their total: %s, %s, %s"
                            .formatted(fileBytesMax, fileAgeMax, totalBytesMax));
        }
    }
}
