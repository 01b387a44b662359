package repscorer.api.streams;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import repscorer.api.config.ServiceConfig;
import repscorer.api.config.StreamSettings;
import repscorer.core.erasure.ErasedSubjects;
import repscorer.core.store.RepresentationStore;
import repscorer.yaml.ConfigException;

/** The topics that spaces are changed by, each with a thread of its own; none where the settings name none. */
@Component("topicStreams")
final class Streams implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(15);

    private final List<TopicStream> all = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Optional<DeadLetters> deadLetters;

    Streams(ServiceConfig config, RepresentationStore store, MeterRegistry registry, ErasedSubjects erased) {
        StreamSettings settings = config.settings().streams();
        TopicClients clients = new TopicClients(settings);
        this.deadLetters = deadLetters(settings, clients);
        settings.bySpace().forEach((space, topic) -> {
            TopicStream stream = new TopicStream(
                    store,
                    space,
                    topic,
                    settings.replay(),
                    clients,
                    deadLetters,
                    new StreamCounts(space, registry),
                    erased);
            all.add(stream);
            threads.add(Thread.ofPlatform().daemon().name("stream-" + space).start(stream));
        });
    }

    private static Optional<DeadLetters> deadLetters(StreamSettings settings, TopicClients clients) {
        if (settings.topics().isEmpty() || settings.deadLetters().isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new DeadLetters(clients.producer(), settings.deadLetters()));
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new ConfigException(
                    "streams: '%s' cannot be used: %s".formatted(settings.servers(), cause.getMessage()), e);
        }
    }

    /** By the names of their spaces. */
    List<TopicStream> all() {
        return List.copyOf(all);
    }

    @Override
    public void close() {
        all.forEach(TopicStream::close);
        try {
            for (Thread each : threads) {
                if (!each.join(CLOSE_MAX)) {
                    LOG.warn("{} does not end", each.getName());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        deadLetters.ifPresent(DeadLetters::close);
    }
}
