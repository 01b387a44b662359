package repscorer.benchmarks.peers;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import repscorer.cli.console.UserError;

/** A node of OpenSearch in a process of its own, made from {@code benchmarks/opensearch}. Not safe for concurrent use. */
final class OpenSearchProcess implements AutoCloseable {

    private static final Pattern ADDRESS = Pattern.compile("serving on (http://\\S+)");
    private static final Duration START_MAX = Duration.ofMinutes(5);

    private final Process process;
    private final URI address;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private OpenSearchProcess(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    /** @param home of the node, which is made; what it says goes there too */
    static OpenSearchProcess start(Path root, Path home) throws IOException, InterruptedException {
        Path project = root.resolve("benchmarks/opensearch");
        build(project);
        Files.createDirectories(home);
        Path log = home.resolve("log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xms1g",
                        "-Xmx3g",
                        "-XX:+UseTransparentHugePages",
                        "-Dlog4j2.disable.jmx=true",
                        "-cp",
                        project.resolve("target/classes") + ":" + project.resolve("target/lib") + "/*",
                        "repscorer.opensearch.PeerNode",
                        home.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        long deadline = System.nanoTime() + START_MAX.toNanos();
        while (process.isAlive() && System.nanoTime() < deadline) {
            Matcher line = ADDRESS.matcher(Files.readString(log));
            if (line.find()) {
                return new OpenSearchProcess(process, URI.create(line.group(1)));
            }
            Thread.sleep(50);
        }
        process.destroyForcibly();
        throw new IOException("OpenSearch did not start; it said:\n" + Files.readString(log));
    }

    /** Fetches it and compiles the node, where that was not done yet. */
    private static void build(Path project) throws IOException, InterruptedException {
        if (Files.isRegularFile(project.resolve("target/lib/lang-painless-3.5.0.jar"))
                && Files.isRegularFile(project.resolve("target/classes/repscorer/opensearch/PeerNode.class"))) {
            return;
        }
        Path log = Files.createDirectories(project.resolve("target")).resolve("build.log");
        Process maven;
        try {
            maven = new ProcessBuilder("mvn", "-B", "-ntp", "-q", "package")
                    .directory(project.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new UserError("opensearch cannot be measured: it is built by Maven, and there is no mvn");
        }
        if (maven.waitFor() != 0) {
            throw new UserError("opensearch cannot be measured: its build failed, see " + log);
        }
    }

    URI address() {
        return address;
    }

    /** What the process has computed so far, in milliseconds of one processor. */
    long cpuMillis() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
    }

    /** Makes an index of a job's rows, in one segment. */
    void index(String name, OpenSearchJob job) throws IOException, InterruptedException {
        send("PUT", "/" + name, job.mapping());
        int batch = 1_000;
        for (int from = 0; from < job.count(); from += batch) {
            String answer = send("POST", "/" + name + "/_bulk", job.lines(from, Math.min(job.count(), from + batch)));
            if (!answer.contains("\"errors\":false")) {
                throw new IOException("rows were refused: " + answer.substring(0, Math.min(500, answer.length())));
            }
        }
        send("POST", "/" + name + "/_refresh", "");
        send("POST", "/" + name + "/_forcemerge?max_num_segments=1", "");
        send("POST", "/" + name + "/_refresh", "");
    }

    /** Answers the body of an answer that is a success. */
    String send(String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(address + path))
                        .timeout(Duration.ofMinutes(10))
                        .header("Content-Type", path.endsWith("_bulk") ? "application/x-ndjson" : "application/json")
                        .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw new IOException("%s %s: %s %s".formatted(method, path, answer.statusCode(), answer.body()));
        }
        return answer.body();
    }

    @Override
    public void close() throws InterruptedException {
        http.close();
        process.destroy();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
    }
}
