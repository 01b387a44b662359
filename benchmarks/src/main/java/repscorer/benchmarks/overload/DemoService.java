package repscorer.benchmarks.overload;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The demo's release, served by a JVM of its own with this one's classes and the launcher's options. For one thread. */
public final class DemoService implements AutoCloseable {

    private static final Pattern ADDRESS = Pattern.compile("serving on http://([^:\\s]+):(\\d+)");
    private static final long START_MINUTES_MAX = 3;

    /**
     * Who asks has a machine of its own elsewhere. Here both share the processors, and what is measured is not to be the wait of
     * those who measure.
     */
    private static final List<String> STEPS_BACK =
            Files.isExecutable(Path.of("/usr/bin/nice")) ? List.of("/usr/bin/nice", "-n", "10") : List.of();

    private final Process process;
    private final Path log;

    private DemoService(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts it; trains the demo's network first where that was not done yet.
     *
     * @param home keeps the release for the next time
     */
    public static DemoService start(Path root, Path home) throws IOException, InterruptedException {
        Path data = store(root, home);
        Path log = home.resolve("serve.log");
        return new DemoService(
                java(
                        root,
                        log,
                        STEPS_BACK,
                        "serve",
                        "--port",
                        "0",
                        "--config",
                        root.resolve("config").toString(),
                        "--data",
                        data.toString()),
                log);
    }

    /** A store with the demo's release, which is trained where that was not done yet. */
    public static Path store(Path root, Path home) throws IOException, InterruptedException {
        Files.createDirectories(home);
        Path data = home.resolve("service");
        if (!Files.isDirectory(data)) {
            Path log = home.resolve("demo.log");
            int code = java(root, log, List.of(), "demo", "--once", "--port", "0", "--home", home.toString())
                    .waitFor();
            if (code != 0) {
                throw new IOException("the demo ended with %s; it said:%n%s".formatted(code, Files.readString(log)));
            }
        }
        return data;
    }

    private static Process java(Path root, Path log, List<String> before, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-Xms256m",
                "-Xmx3g",
                "-XX:+UseTransparentHugePages",
                "-XX:+ExitOnOutOfMemoryError",
                "-Drepscorer.root=" + root,
                "-cp",
                System.getProperty("java.class.path"),
                "repscorer.cli.Main"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(key -> key.startsWith("REPSCORER_"));
        builder.environment().put("REPSCORER_ADMIN_TOKEN", "token-of-the-overload-proof");
        return builder.start();
    }

    /** Its address, once it is ready. */
    public URI address() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(START_MINUTES_MAX);
        while (process.isAlive() && System.nanoTime() < deadline) {
            Matcher line = ADDRESS.matcher(Files.readString(log));
            if (line.find()) {
                return URI.create("http://%s:%s".formatted(line.group(1), line.group(2)));
            }
            Thread.sleep(20);
        }
        throw new IOException("the service did not start; it said:%n%s".formatted(Files.readString(log)));
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly();
        }
    }
}
