package repscorer.benchmarks.serving;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import repscorer.benchmarks.answers.ServiceProcess;
import repscorer.client.ScorerClient;
import repscorer.client.ScorerClientException;
import repscorer.core.embedding.EmbeddingFile;

/** Half-way through a load, the publication of a release; and from then on looks at the vital signs of the service. */
final class MiddlePublication {

    private final ServiceProcess service;
    private final MovedRelease release;
    private final double pauseSeconds;
    private final Thread thread;
    private double seconds;
    private String failure = "interrupted";
    private @Nullable VitalWatch watch;

    private MiddlePublication(ServiceProcess service, MovedRelease release, double waitSeconds, double pauseSeconds) {
        this.service = service;
        this.release = release;
        this.pauseSeconds = pauseSeconds;
        this.thread = Thread.ofPlatform().daemon().name("publication").unstarted(() -> run(waitSeconds));
    }

    /**
     * @param waitSeconds until it begins
     * @param pauseSeconds between two looks after it
     */
    static MiddlePublication start(
            ServiceProcess service, MovedRelease release, double waitSeconds, double pauseSeconds) {
        MiddlePublication publication = new MiddlePublication(service, release, waitSeconds, pauseSeconds);
        publication.thread.start();
        return publication;
    }

    private void run(double waitSeconds) {
        try {
            Thread.sleep((long) (1e3 * waitSeconds));
            long begun = System.nanoTime();
            failure = publish();
            seconds = (System.nanoTime() - begun) / 1e9;
            watch = VitalWatch.start(service, pauseSeconds);
        } catch (InterruptedException e) {
            // the load ended before
        } catch (IOException e) {
            failure = e.toString();
        }
    }

    private String publish() {
        try (ScorerClient client = ScorerClient.builder(service.address())
                .adminToken(ServiceProcess.TOKEN)
                .uploadTimeout(Duration.ofMinutes(30))
                .build()) {
            for (Path file : release.files()) {
                String name = file.getFileName().toString();
                client.stage(release.name(), name.substring(0, name.length() - EmbeddingFile.SUFFIX.length()), file);
            }
            String state = client.publish(release.name()).state();
            return state.equals("LIVE") ? "" : state;
        } catch (ScorerClientException e) {
            return e.toString();
        }
    }

    /** Ends it; what was seen since the release went live. */
    List<Map<Vital, Double>> looks() throws IOException, InterruptedException {
        thread.interrupt();
        thread.join();
        return watch == null ? List.of() : watch.end();
    }

    double seconds() {
        return seconds;
    }

    /** Why the release is not live; empty where it is. After the end only. */
    Optional<String> failure() {
        return failure.isEmpty() ? Optional.empty() : Optional.of(failure);
    }
}
