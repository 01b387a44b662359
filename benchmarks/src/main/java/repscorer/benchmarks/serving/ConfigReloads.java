package repscorer.benchmarks.serving;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Stream;
import repscorer.client.ScorerClient;
import repscorer.client.ScorerClientException;

/** Changes a file of a service's configuration from time to time, until it is ended, and waits for each to come into force. */
final class ConfigReloads implements AutoCloseable {

    private static final String FILE = "surfaces/follow.yaml";
    private static final int WAITS_MAX = 100;
    private static final int WAIT_MILLIS = 100;

    private final ScorerClient client;
    private final Path file;
    private final double pauseSeconds;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("config-reloads").unstarted(this::run);
    private int reloads; // the thread's until it ended
    private String failure = "";

    private ConfigReloads(URI service, Path config, double pauseSeconds) {
        this.client = ScorerClient.builder(service).build();
        this.file = config.resolve(FILE);
        this.pauseSeconds = pauseSeconds;
    }

    /** A configuration that may be changed. */
    static Path copy(Path config, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(config)) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                Path copy = to.resolve(config.relativize(each).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(each, copy);
            }
        }
        return to;
    }

    static ConfigReloads start(URI service, Path config, double pauseSeconds) {
        ConfigReloads reloads = new ConfigReloads(service, config, pauseSeconds);
        reloads.thread.start();
        return reloads;
    }

    private void run() {
        try {
            while (failure.isEmpty()) {
                Thread.sleep((long) (1e3 * pauseSeconds));
                reload();
            }
        } catch (InterruptedException e) {
            // ended
        } catch (IOException | ScorerClientException e) {
            failure = e.toString();
        }
    }

    private void reload() throws IOException, InterruptedException {
        String before = client.config().since();
        Files.writeString(file, "# changed %s times%n".formatted(reloads + 1), StandardOpenOption.APPEND);
        for (int wait = 0; wait < WAITS_MAX; wait++) {
            Thread.sleep(WAIT_MILLIS);
            if (!client.config().since().equals(before)) {
                reloads++;
                return;
            }
        }
        failure = "a change of %s did not come into force".formatted(FILE);
    }

    /** How many changes came into force; after the end only. */
    int count() {
        return reloads;
    }

    /** Why one did not; empty where all did. After the end only. */
    Optional<String> failure() {
        return failure.isEmpty() ? Optional.empty() : Optional.of(failure);
    }

    void end() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }

    @Override
    public void close() {
        thread.interrupt();
        client.close();
    }
}
