package repscorer.benchmarks.serving;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import repscorer.benchmarks.answers.ServiceProcess;

/**
 * Looks at what a service's process holds: its management port says most, {@code /proc} how much memory is resident. The service
 * is to run with {@link #CONCURRENT}, so that the collection before each look does not stop it. For one thread.
 */
final class VitalSigns implements AutoCloseable {

    /** Makes a collection that is asked for a concurrent one. */
    static final String CONCURRENT = "-XX:+ExplicitGCInvokesConcurrent";

    private static final double MIB = 1 << 20;
    private static final Pattern METRIC = Pattern.compile("(?m)^(\\w+)(\\{[^}]*})? (\\S+)$");
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$");

    private final long pid;
    private final URI metrics;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    VitalSigns(ServiceProcess service) throws IOException, InterruptedException {
        this.pid = service.pid();
        this.metrics = URI.create(service.management() + "/prometheus");
    }

    Map<Vital, Double> look() throws IOException, InterruptedException {
        collect();
        String text = http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                .body();
        double resident = resident();
        Map<Vital, Double> found = new EnumMap<>(Vital.class);
        found.put(Vital.HEAP, sum(text, "jvm_memory_used_bytes", "Old Gen") / MIB);
        found.put(Vital.OUTSIDE, resident - sum(text, "jvm_memory_committed_bytes", "area=\"heap\"") / MIB);
        found.put(Vital.RESIDENT, resident);
        found.put(Vital.THREADS, sum(text, "jvm_threads_live_threads", ""));
        found.put(Vital.FILES, sum(text, "process_files_open_files", ""));
        return found;
    }

    /** What is old and dead goes now, so that what is left can be compared with what was left before. */
    private void collect() throws IOException, InterruptedException {
        Process collection = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        "-J-XX:TieredStopAtLevel=1",
                        Long.toString(pid),
                        "GC.run")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!collection.waitFor(1, TimeUnit.MINUTES) || collection.exitValue() != 0) {
            collection.destroyForcibly();
            throw new IOException("jcmd %s GC.run failed".formatted(pid));
        }
    }

    private double resident() throws IOException {
        Matcher line = RESIDENT.matcher(Files.readString(Path.of("/proc/" + pid + "/status")));
        if (!line.find()) {
            throw new IOException("no VmRSS of " + pid);
        }
        return Long.parseLong(line.group(1)) / 1024.0;
    }

    private static double sum(String text, String name, String label) throws IOException {
        double sum = 0;
        boolean found = false;
        Matcher metric = METRIC.matcher(text);
        while (metric.find()) {
            if (metric.group(1).equals(name)
                    && (label.isEmpty() || String.valueOf(metric.group(2)).contains(label))) {
                sum += Double.parseDouble(metric.group(3));
                found = true;
            }
        }
        if (!found) {
            throw new IOException("the service tells no %s of %s".formatted(name, label));
        }
        return sum;
    }

    @Override
    public void close() {
        http.close();
    }
}
