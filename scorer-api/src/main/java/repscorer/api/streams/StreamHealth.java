package repscorer.api.streams;

import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/** Always up, for what is there is served; tells which spaces' changes wait, and why. */
@Component("streams")
final class StreamHealth implements HealthIndicator {

    private final Streams streams;

    StreamHealth(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Health health() {
        Map<String, String> waiting = new TreeMap<>();
        for (TopicStream each : streams.all()) {
            each.state().waiting().ifPresent(reason -> waiting.put(each.space(), reason));
        }
        return waiting.isEmpty()
                ? Health.up().build()
                : Health.up().withDetail("waiting", waiting).build();
    }
}
