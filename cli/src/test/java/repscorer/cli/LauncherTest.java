package repscorer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/repscorer} itself, in a tree of its own that is built already. */
class LauncherTest {

    /** What the script runs, Maven not among it. */
    private static final List<String> TOOLS = List.of(
            "bash",
            "env",
            "dirname",
            "readlink",
            "find",
            "cksum",
            "sort",
            "cat",
            "touch",
            "grep",
            "sed",
            "head",
            "locale",
            "mkdir",
            "flock",
            "cp",
            "mv",
            "rm",
            "wc");

    @TempDir
    static Path directory;

    private static Path tree;

    private record Run(int exit, String out, String err) {}

    @BeforeAll
    static void buildTree() throws IOException {
        Path root = Path.of(System.getProperty("repscorer.root", "..")).toAbsolutePath();
        tree = directory.resolve("tree");
        Files.createDirectories(tree.resolve("bin"));
        for (String script : List.of("repscorer", "java25")) {
            Files.copy(
                    root.resolve("bin").resolve(script),
                    tree.resolve("bin").resolve(script),
                    java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
        Files.writeString(tree.resolve("pom.xml"), "<project/>");
        Path sources = Files.createDirectories(tree.resolve("cli/src/main/java"));
        Files.writeString(tree.resolve("cli/pom.xml"), "<project/>");
        Files.writeString(sources.resolve("Main.java"), "class Main {}");
        Path lib = Files.createDirectories(tree.resolve("cli/target/lib"));
        int jars = 0;
        for (String entry : System.getProperty("java.class.path", "").split(File.pathSeparator, -1)) {
            Path place = Path.of(entry).toAbsolutePath();
            if (entry.contains("junit") || entry.endsWith("test-classes") || Files.notExists(place)) {
                continue;
            }
            Path jar = lib.resolve(jars++ + ".jar");
            if (Files.isDirectory(place)) {
                pack(place, jar);
            } else {
                Files.createSymbolicLink(jar, place);
            }
        }
        Files.createFile(tree.resolve("cli/target/lib.built"));
        Path tools = Files.createDirectories(directory.resolve("tools"));
        for (String tool : TOOLS) {
            for (String place : List.of("/usr/bin", "/bin")) {
                Path there = Path.of(place, tool);
                if (Files.exists(there) && Files.notExists(tools.resolve(tool))) {
                    Files.createSymbolicLink(tools.resolve(tool), there);
                }
            }
        }
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
    }

    /** Runs a line of bash at the tree, and reads what lies in the files the moment that it has returned. */
    private static Run bash(String line) throws IOException, InterruptedException {
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        Files.deleteIfExists(err);
        ProcessBuilder builder = new ProcessBuilder(
                        directory.resolve("tools/bash").toString(), "-c", line)
                .directory(tree.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", directory.resolve("tools").toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home", ""));
        builder.environment().put("REPSCORER_JAVA_OPTS", "-Xms16m -XX:TieredStopAtLevel=1");
        Process process = builder.start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err, StandardCharsets.UTF_8));
    }

    private static void plan() throws IOException {
        Files.writeString(tree.resolve("p.yaml"), """
                name: p
                relations: [{name: rate, files: [f.tsv], head: user, tail: movie}]
                twhin: {dimension: 8, epochs: 1}
                """);
    }

    @Test
    @DisplayName("E11 S17 a message that holds a NUL byte is printed whole, before the command returns, and alone")
    void aNulByte() throws Exception {
        plan();
        Files.writeString(tree.resolve("f.tsv"), "a\tb\nc\0\0d\n");
        for (int i = 0; i < 3; i++) {
            Run run = bash("bin/repscorer train --plan p.yaml --data . --out out");
            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err().lines()).hasSize(1);
            assertThat(run.err())
                    .startsWith("repscorer: too many bad rows: 1 of 2 in f.tsv")
                    .contains("expects 2 columns, got 1: 'c\0\0d'");
        }
    }

    @Test
    @DisplayName("E11 an archive given as edges is told in the one line that Java printed")
    void aZip() throws Exception {
        plan();
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(tree.resolve("f.tsv")))) {
            out.putNextEntry(new ZipEntry("ratings.csv"));
        }
        Run run = bash("bin/repscorer train --plan p.yaml --data . --out out");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err().lines())
                .containsExactly(
                        "repscorer: the file is no text of edges: ./f.tsv: it is a zip archive; unpack it, or pack it with gzip (relation rate)");
    }

    @Test
    @DisplayName("S32: where the locale is C, ids and names of files keep their letters")
    void letters() throws Exception {
        // The bytes are UTF-8 whatever locale this test runs in.
        Run file = bash("LC_ALL=C bin/repscorer train --plan $'\\xc3\\xbcn\\xc3\\xaf.yaml' --data . --out out");
        assertThat(file.err()).isEqualTo("repscorer: --plan: no such file: \u00fcn\u00ef.yaml\n");
        Run none = bash("LANG=xx_XX.UTF-8 bin/repscorer train --plan $'\\xe6\\x97\\xa5.yaml' --data . --out out");
        assertThat(none.err()).contains("no such file: \u65e5.yaml");
    }

    @Test
    @DisplayName("S32: a copy of a tree runs without Maven, and one whose sources were changed is not taken for built")
    void copies() throws Exception {
        assertThat(bash("bin/repscorer --version").out()).startsWith("repscorer ");
        Path copy = directory.resolve("copy");
        assertThat(bash("cp -r " + tree + " " + copy).exit()).isZero();
        Path source = copy.resolve("cli/src/main/java/Main.java");
        FileTime later = FileTime.from(Instant.now().plusSeconds(60));
        Files.setLastModifiedTime(source, later);
        Run copied = bash(copy.resolve("bin/repscorer") + " --version");
        assertThat(copied.err()).isEmpty();
        assertThat(copied.exit()).isZero();
        Files.writeString(source, "class Main { int changed; }");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(120)));
        Run changed = bash(copy.resolve("bin/repscorer") + " --version");
        assertThat(changed.exit()).isEqualTo(1);
        assertThat(changed.err()).contains("building needs Maven 3.8.7 or newer");
    }

    @Test
    void aRehearsalThatFailsTellsWhyAndKeepsNothing() throws Exception {
        Run run = bash("bin/repscorer rehearse --config nowhere");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err().lines().toList().getLast()).isEqualTo("repscorer: --config: no such directory: nowhere");
        assertThat(tree.resolve("cli/target")).isDirectoryNotContaining("glob:**service.aot*");
    }

    @Test
    void whatWasKeptOfAnotherBuildIsTakenNoNoticeOf() throws Exception {
        Path kept = tree.resolve("cli/target/service.aot");
        Files.writeString(kept, "of another build");
        try {
            Files.setLastModifiedTime(kept, FileTime.from(Instant.now().plusSeconds(60)));
            Run run = bash("bin/repscorer serve --help");
            assertThat(run.exit()).isZero();
            assertThat(run.out()).startsWith("Usage: repscorer serve");
            assertThat(run.err()).isEmpty();
        } finally {
            Files.delete(kept);
        }
    }
}
