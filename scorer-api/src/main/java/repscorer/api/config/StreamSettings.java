package repscorer.api.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import repscorer.yaml.ConfigException;

/**
 * Topics that spaces are changed by: {@code streams} of {@code scorer.yaml}.
 *
 * @param servers of Kafka, host:port, separated by commas; empty for none
 * @param topics {@code space=topic} each
 * @param deadLetters the topic that gets records which are refused; empty to count them alone
 * @param properties a file of properties for the clients, such as those of TLS and SASL; empty for none
 * @param replay how long before the publication of a release the changes begin that it lacks
 */
public record StreamSettings(
        String servers, List<String> topics, String deadLetters, String properties, Duration replay) {

    public static final StreamSettings DEFAULT = new StreamSettings("", List.of(), "", "", Duration.ZERO);

    private static final Pattern PAIR = Pattern.compile("([a-z0-9-]+)=([A-Za-z0-9._-]{1,249})");

    public StreamSettings {
        topics = List.copyOf(topics);
        ServiceSettings.check(
                deadLetters.isEmpty() || deadLetters.matches("[A-Za-z0-9._-]{1,249}"),
                "dead-letters is 1 to 249 letters, digits, dots, hyphens and underscores: '%s'".formatted(deadLetters));
        ServiceSettings.check(
                !pairs(topics).containsValue(deadLetters),
                "dead-letters is none of topics: '%s'".formatted(deadLetters));
        ServiceSettings.check(
                properties.isEmpty() || Files.isReadable(Path.of(properties)),
                "properties is a file: '%s'".formatted(properties));
        ServiceSettings.check(
                !replay.isNegative() && replay.compareTo(Duration.ofDays(366)) <= 0,
                "replay must be 0s to 366d: %sms".formatted(replay.toMillis()));
    }

    private static Map<String, String> pairs(List<String> topics) {
        Map<String, String> pairs = new TreeMap<>();
        for (String each : topics) {
            Matcher pair = PAIR.matcher(each);
            ServiceSettings.check(pair.matches(), "topics are space=topic: '%s'".formatted(each));
            ServiceSettings.check(
                    pairs.put(pair.group(1), pair.group(2)) == null,
                    "topics name a space once: '%s'".formatted(pair.group(1)));
        }
        return pairs;
    }

    /** The topic of each space that has one. */
    public Map<String, String> bySpace() {
        return pairs(topics);
    }

    /** Throws where settings do not fit together, or name a space that is not declared. */
    void check(Set<String> declared) {
        if (servers.isEmpty() != topics.isEmpty()) {
            throw new ConfigException(
                    "streams need servers and topics, or neither: '%s' and %s".formatted(servers, topics));
        }
        for (String space : bySpace().keySet()) {
            if (!declared.contains(space)) {
                throw new ConfigException("streams.topics: space '%s' is not declared".formatted(space));
            }
        }
    }
}
