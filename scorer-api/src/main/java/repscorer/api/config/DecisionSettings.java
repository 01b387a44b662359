package repscorer.api.config;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.springframework.util.unit.DataSize;
import repscorer.decisions.LogLimits;
import repscorer.yaml.ConfigException;

/**
 * What is kept of answers: {@code decisions} of {@code scorer.yaml}.
 *
 * @param log a directory, seen from the data directory; empty to keep none
 * @param share of units whose decisions are kept, and of decisions without a unit
 * @param leaveOut parts of decisions that are not kept
 * @param ids how units and entities are written
 * @param fileMax from this size on another file is begun
 * @param fileAgeMax from this age on another file is begun
 * @param totalMax of all files; the oldest are deleted
 * @param queueMax of decisions that wait to be written, in memory; more are dropped
 * @param outcomeWindow how long after a decision its outcomes count
 */
public record DecisionSettings(
        String log,
        double share,
        List<Part> leaveOut,
        Ids ids,
        DataSize fileMax,
        Duration fileAgeMax,
        DataSize totalMax,
        DataSize queueMax,
        Duration outcomeWindow,
        Kafka kafka) {

    public static final DecisionSettings DEFAULT = new DecisionSettings(
            "",
            1,
            List.of(),
            Ids.PLAIN,
            DataSize.ofMegabytes(64),
            Duration.ofHours(1),
            DataSize.ofGigabytes(10),
            DataSize.ofMegabytes(16),
            Duration.ofDays(7),
            Kafka.DEFAULT);

    /** What a decision may be kept without. */
    public enum Part {
        /** The raw scores of the candidates. */
        COLUMNS,
        /** The request's body; without it there is no replay. */
        REQUEST,
        /** All of the candidates. */
        CANDIDATES
    }

    /** How units and entities are written. */
    public enum Ids {
        PLAIN,
        /** As keyed digests: equal ids are equal still. Requests are left out. */
        HASHED
    }

    /**
     * A topic that gets every decision too; none where no servers are named.
     *
     * @param servers host:port, separated by commas
     */
    public record Kafka(String servers, String topic) {

        public static final Kafka DEFAULT = new Kafka("", "");

        public Kafka {
            ServiceSettings.check(
                    topic.isEmpty() || topic.matches("[A-Za-z0-9._-]{1,249}"),
                    "topic is 1 to 249 letters, digits, dots, hyphens and underscores: '%s'".formatted(topic));
        }

        /** Throws where one is named without the other: they may come from two places, so nobody knows before all are read. */
        void checkPair() {
            if (servers.isEmpty() != topic.isEmpty()) {
                throw new ConfigException(
                        "decisions.kafka needs servers and topic, or neither: '%s' and '%s'".formatted(servers, topic));
            }
        }

        public boolean enabled() {
            return !servers.isEmpty();
        }
    }

    public DecisionSettings {
        leaveOut = List.copyOf(leaveOut);
        ServiceSettings.check(share > 0 && share <= 1, "share must be above 0 and at most 1: " + share);
        ServiceSettings.range("file-max in bytes", fileMax.toBytes(), 65_536, 1L << 40);
        ServiceSettings.range("total-max in bytes", totalMax.toBytes(), fileMax.toBytes(), 1L << 50);
        ServiceSettings.range("queue-max in bytes", queueMax.toBytes(), 65_536, 1L << 34);
        ServiceSettings.check(
                fileAgeMax.compareTo(Duration.ofSeconds(1)) >= 0 && fileAgeMax.compareTo(Duration.ofDays(31)) <= 0,
                "file-age-max must be 1s to 31d: %s ms".formatted(fileAgeMax.toMillis()));
        ServiceSettings.check(
                outcomeWindow.compareTo(Duration.ofSeconds(1)) >= 0
                        && outcomeWindow.compareTo(Duration.ofDays(366)) <= 0,
                "outcome-window must be 1s to 366d: %s ms".formatted(outcomeWindow.toMillis()));
    }

    public boolean enabled() {
        return !log.isEmpty();
    }

    /** Whether a part is kept. */
    public boolean keeps(Part part) {
        return !Set.copyOf(leaveOut).contains(part) && !(part == Part.REQUEST && ids == Ids.HASHED);
    }

    public LogLimits limits() {
        return new LogLimits(fileMax.toBytes(), fileAgeMax, totalMax.toBytes());
    }
}
