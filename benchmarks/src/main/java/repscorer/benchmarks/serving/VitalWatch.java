package repscorer.benchmarks.serving;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import repscorer.benchmarks.answers.ServiceProcess;

/** Looks at a service's vital signs again and again, from its making until it is ended. */
final class VitalWatch {

    private final VitalSigns signs;
    private final long pauseMillis;
    private final List<Map<Vital, Double>> looks = new ArrayList<>(); // the thread's until it ended
    private final Thread thread;
    private volatile boolean ended;
    private @Nullable IOException failure;

    private VitalWatch(VitalSigns signs, double pauseSeconds) {
        this.signs = signs;
        this.pauseMillis = (long) (1e3 * pauseSeconds);
        this.thread = Thread.ofPlatform().daemon().name("vital-watch").unstarted(this::run);
    }

    static VitalWatch start(ServiceProcess service, double pauseSeconds) throws IOException, InterruptedException {
        VitalWatch watch = new VitalWatch(new VitalSigns(service), pauseSeconds);
        watch.thread.start();
        return watch;
    }

    private void run() {
        try (signs) {
            while (true) {
                Thread.sleep(pauseMillis);
                looks.add(signs.look());
            }
        } catch (IOException e) {
            failure = ended ? null : e; // an interruption closes files, too
        } catch (InterruptedException e) {
            // ended
        }
    }

    /** Ends it; what it saw, in the order of time. */
    List<Map<Vital, Double>> end() throws IOException, InterruptedException {
        ended = true;
        thread.interrupt();
        thread.join();
        if (failure != null) {
            throw failure;
        }
        return looks;
    }

    /** One of the signs out of several looks. */
    static double[] series(List<Map<Vital, Double>> looks, Vital vital) {
        return looks.stream()
                .mapToDouble(look -> Objects.requireNonNull(look.get(vital)))
                .toArray();
    }
}
