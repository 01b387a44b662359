package repscorer.benchmarks.image;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.ScratchDirectory;

/**
 * The image of this build, written twice and unpacked: both are the same bytes, and its entry point serves from the tree, in which
 * nothing can be written but the data directory. Its paths begin at the tree, and its Java is this one.
 */
public final class ImageProof implements Proof {

    private static final Pattern STAMP = Pattern.compile("<project.build.outputTimestamp>([^<]+)<");
    private static final Pattern VERSION = Pattern.compile("<version>([^<]+)<");
    private static final Pattern MANAGEMENT = Pattern.compile("probes and metrics on (http://\\S+)");
    private static final Pattern LAYER = Pattern.compile(
            "\"mediaType\":\"application/vnd.oci.image.layer[^\"]*\",\"digest\":\"sha256:([0-9a-f]+)\"");
    private static final Pattern MANIFEST = Pattern.compile("\"digest\":\"sha256:([0-9a-f]+)\"");
    private static final int OTHER_USER = 4711;
    private static final long START_SECONDS_MAX = 180;

    @Override
    public String name() {
        return "image";
    }

    @Override
    public String claim() {
        return "the container image is the same bytes twice, and its entry point serves from a tree that nobody can write, as any user";
    }

    @Override
    public boolean holds(PrintStream out) throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("repscorer.root", "")).toAbsolutePath();
        String pom = Files.readString(root.resolve("pom.xml"));
        ServiceImage image = new ServiceImage(
                root.resolve("cli/target/lib"),
                root.resolve("config"),
                "scratch",
                first(VERSION, pom),
                Instant.parse(first(STAMP, pom)));
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-unpacked")) {
            Path archive = scratch.path().resolve("image.tar");
            Path again = scratch.path().resolve("again.tar");
            image.writeTo(archive);
            image.writeTo(again);
            boolean same = Files.mismatch(archive, again) < 0;
            out.printf(
                    "%s MiB, written twice: %s%n", Files.size(archive) >> 20, same ? "the same bytes" : "other bytes");
            Path tree = unpacked(archive, scratch.path());
            Path data = Files.createDirectory(tree.resolve("data"));
            run(List.of("chmod", "-R", "a-w,a+rX", tree.toString()));
            run(List.of("chmod", "777", data.toString()));
            try {
                boolean serves = serves(tree, data, scratch.path().resolve("log"), out);
                out.println("image: " + (same && serves ? "holds" : "does not hold"));
                return same && serves;
            } finally {
                run(List.of("chmod", "-R", "u+w", tree.toString()));
            }
        }
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("nothing is " + pattern);
        }
        return matcher.group(1);
    }

    /** The layers of an archive, one over the other. */
    static Path unpacked(Path archive, Path into) throws IOException, InterruptedException {
        Path layout = Files.createDirectory(into.resolve("layout"));
        Path tree = Files.createDirectory(into.resolve("tree"));
        run(List.of("tar", "-xf", archive.toString(), "-C", layout.toString()));
        Path blobs = layout.resolve("blobs/sha256");
        String index = Files.readString(layout.resolve("index.json"));
        String manifest = Files.readString(blobs.resolve(first(MANIFEST, index)));
        List<String> layers =
                LAYER.matcher(manifest).results().map(layer -> layer.group(1)).toList();
        if (layers.isEmpty()) {
            throw new IOException("a manifest without layers: " + manifest);
        }
        for (String layer : layers) {
            run(List.of("tar", "-xzf", blobs.resolve(layer).toString(), "-C", tree.toString()));
        }
        return tree;
    }

    private static boolean serves(Path tree, Path data, Path log, PrintStream out)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        boolean other =
                System.getProperty("user.name").equals("root") && Files.isExecutable(Path.of("/usr/bin/setpriv"));
        if (other) {
            run(List.of(
                    "chmod",
                    "a+rx",
                    log.toAbsolutePath().resolve("..").normalize().toString()));
            command.addAll(
                    List.of("/usr/bin/setpriv", "--reuid=" + OTHER_USER, "--regid=" + OTHER_USER, "--clear-groups"));
        }
        List<String> inside = new ArrayList<>(ServiceImage.entryPoint());
        inside.addAll(ServiceImage.arguments());
        inside.set(0, Path.of(System.getProperty("java.home"), "bin/java").toString());
        for (String word : inside) {
            command.add(word.replaceFirst("(^|=)/(app|etc/representation-scorer|data)", "$1" + tree + "/$2"));
        }
        command.addAll(List.of("--port", "0"));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("REPSCORER_"));
        builder.environment().putAll(ServiceImage.environment());
        builder.directory(tree.toFile());
        Process process = builder.start();
        try {
            String alive = await(process, log);
            out.printf("as %s from a tree that is read alone: %s%n", other ? "user " + OTHER_USER : "its owner", alive);
            return alive.contains("UP") && written(tree, data).isEmpty();
        } finally {
            process.destroy();
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                process.destroyForcibly();
            }
        }
    }

    private static String await(Process process, Path log) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (process.isAlive() && System.nanoTime() < deadline) {
                Matcher line = MANAGEMENT.matcher(Files.readString(log));
                if (line.find()) {
                    URI liveness = URI.create(line.group(1).replace("0.0.0.0", "127.0.0.1") + "/health/liveness");
                    return http.send(HttpRequest.newBuilder(liveness).build(), BodyHandlers.ofString())
                            .body();
                }
                Thread.sleep(100);
            }
        }
        return "it did not start:\n" + Files.readString(log);
    }

    /** What can be written, or is of another time than the image, outside the data. */
    private static List<Path> written(Path tree, Path data) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            return all.filter(path -> !path.startsWith(data))
                    .filter(Files::isRegularFile)
                    .filter(path -> {
                        try {
                            return Files.getPosixFilePermissions(path)
                                    .toString()
                                    .contains("WRITE");
                        } catch (IOException e) {
                            return true;
                        }
                    })
                    .toList();
        }
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("%s ended with %s".formatted(command, process.exitValue()));
        }
    }
}
