package repscorer.benchmarks.answers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code bin/repscorer serve} of this build in a process of its own, spoken to over HTTP. Not safe for concurrent use. */
public final class ServiceProcess implements AutoCloseable {

    /** Its administrator's. */
    public static final String TOKEN = "golden-golden-golden";

    /** The headers that callers rely on; others, such as the date, are the server's own. */
    private static final List<String> HEADERS = List.of(
            "content-type",
            "retry-after",
            "allow",
            "accept",
            "location",
            "www-authenticate",
            "x-release",
            "x-version",
            "x-decision-id");

    private static final Pattern ADDRESS = Pattern.compile("serving on (http://\\S+)");
    private static final Pattern MANAGEMENT = Pattern.compile("probes and metrics on (http://\\S+)");
    private static final int QUIET_SECONDS = 3;
    private static final int QUIET_MILLIS = 50; // of each second
    private static final Duration START_MAX = Duration.ofMinutes(10);

    private final Process process;
    private final Path log;
    private final URI address;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private ServiceProcess(Process process, Path log) throws IOException, InterruptedException {
        this.process = process;
        this.log = log;
        this.address = await();
    }

    /** @param log is where the service's own output goes */
    public static ServiceProcess start(Path root, Path config, Path data, Path log)
            throws IOException, InterruptedException {
        return start(root, config, data, log, List.of());
    }

    /** @param options of its JVM, beside the launcher's */
    public static ServiceProcess start(Path root, Path config, Path data, Path log, List<String> options)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        root.resolve("bin/repscorer").toString(),
                        "serve",
                        "--config",
                        config.toString(),
                        "--data",
                        data.toString(),
                        "--port",
                        "0")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // The environment wins over the golden configuration.
        builder.environment()
                .keySet()
                .removeIf(key -> key.startsWith("REPSCORER_") && !key.equals("REPSCORER_JAVA_OPTS"));
        builder.environment().put("REPSCORER_ADMIN_TOKEN", TOKEN);
        if (!options.isEmpty()) {
            builder.environment().merge("REPSCORER_JAVA_OPTS", String.join(" ", options), (a, b) -> a + " " + b);
        }
        Process process = builder.start();
        try {
            return new ServiceProcess(process, log);
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.destroy();
            throw e;
        }
    }

    private URI await() throws IOException, InterruptedException {
        return await(ADDRESS);
    }

    private URI await(Pattern said) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_MAX.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            Matcher line = said.matcher(Files.readString(log));
            if (line.find()) {
                return URI.create(line.group(1));
            }
            Thread.sleep(50);
        }
        throw new IOException("the service did not start; it said:\n" + Files.readString(log));
    }

    /** Where it listens. */
    public URI address() {
        return address;
    }

    /** Where probes and metrics are: the address that paths such as {@code prometheus} follow. */
    public URI management() throws IOException, InterruptedException {
        return await(MANAGEMENT);
    }

    public long pid() {
        return process.pid();
    }

    Exchange.Answer send(Exchange.Request request) throws IOException, InterruptedException {
        return send(request, request.body().getBytes(StandardCharsets.UTF_8));
    }

    /** @param body in place of the request's */
    Exchange.Answer send(Exchange.Request request, byte[] body) throws IOException, InterruptedException {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(address + request.path()))
                .timeout(Duration.ofMinutes(10))
                .method(
                        request.method(),
                        body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        request.headers().forEach(builder::header);
        HttpResponse<byte[]> response = http.send(builder.build(), BodyHandlers.ofByteArray());
        Map<String, String> headers = new TreeMap<>();
        for (String name : HEADERS) {
            List<String> values = response.headers().allValues(name);
            if (!values.isEmpty()) {
                headers.put(name, String.join(", ", values));
            }
        }
        boolean binary = headers.getOrDefault("content-type", "").startsWith("application/octet-stream");
        return new Exchange.Answer(
                response.statusCode(),
                headers,
                binary
                        ? Base64.getEncoder().encodeToString(response.body())
                        : new String(response.body(), StandardCharsets.UTF_8));
    }

    /**
     * Waits until the process computes nothing: graphs over streamed changes are built in the background after an opening, and
     * what a search finds depends on whether they are there yet.
     */
    public void settle() throws InterruptedException {
        long deadline = System.nanoTime() + START_MAX.toNanos();
        int quiet = 0;
        long before = cpuMillis();
        while (quiet < QUIET_SECONDS && System.nanoTime() < deadline) {
            Thread.sleep(1_000);
            long now = cpuMillis();
            quiet = now - before <= QUIET_MILLIS ? quiet + 1 : 0;
            before = now;
        }
    }

    /** What the process has computed so far, in milliseconds of one processor. */
    public long cpuMillis() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        http.close();
    }
}
