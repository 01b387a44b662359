package repscorer.benchmarks.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An image of a few small files, read back as any tool would. {@code bin/prove image} runs the whole one. */
class ServiceImageTest {

    private static final Path CONFIG =
            Path.of(System.getProperty("repscorer.root", "..")).resolve("config");
    private static final Instant STAMP = Instant.parse("2026-11-21T00:00:00Z");

    @TempDir
    Path directory;

    private Path lib;

    @BeforeEach
    void jars() throws IOException {
        lib = Files.createDirectory(directory.resolve("lib"));
        Files.writeString(lib.resolve("cli-0.1.0.jar"), "ours");
        Files.writeString(lib.resolve("other-2.0.jar"), "theirs");
    }

    private Path written(String name) throws IOException, InterruptedException {
        Path archive = directory.resolve(name);
        new ServiceImage(lib, CONFIG, "scratch", "0.1.0", STAMP).writeTo(archive);
        return archive;
    }

    @Test
    void theSameFilesAreTheSameBytesWhateverTheirTimes() throws Exception {
        Path one = written("one.tar");
        Files.setLastModifiedTime(lib.resolve("cli-0.1.0.jar"), FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        assertThat(Files.mismatch(one, written("two.tar"))).isEqualTo(-1);
        Files.writeString(lib.resolve("cli-0.1.0.jar"), "others");
        assertThat(Files.mismatch(one, written("three.tar"))).isNotEqualTo(-1);
    }

    @Test
    void theTreeHasJarsAndConfigurationThatAnybodyReadsAndNobodyWrites() throws Exception {
        Path tree = ImageProof.unpacked(written("image.tar"), Files.createDirectory(directory.resolve("unpacked")));
        assertThat(tree.resolve("app/lib/cli-0.1.0.jar")).hasContent("ours");
        assertThat(tree.resolve("app/lib/other-2.0.jar")).hasContent("theirs");
        try (Stream<Path> files = Files.walk(CONFIG)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(tree.resolve("etc/representation-scorer").resolve(CONFIG.relativize(file)))
                        .hasSameBinaryContentAs(file);
            }
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(tree.resolve("app/lib/cli-0.1.0.jar"))))
                .isEqualTo("rw-r--r--");
    }

    @Test
    void aContainerRunsTheServiceAsNobodyInParticularWithItsDataInAVolume() throws Exception {
        Path unpacked = Files.createDirectory(directory.resolve("unpacked"));
        ImageProof.unpacked(written("image.tar"), unpacked);
        Path blobs = unpacked.resolve("layout/blobs/sha256");
        JsonNode index = JsonMapper.shared().readTree(Files.readString(unpacked.resolve("layout/index.json")));
        JsonNode manifest = JsonMapper.shared()
                .readTree(Files.readString(
                        blobs.resolve(index.at("/manifests/0/digest").asString().substring(7))));
        assertThat(manifest.path("layers")).hasSize(3); // libraries change least, the product most
        JsonNode image = JsonMapper.shared()
                .readTree(Files.readString(
                        blobs.resolve(manifest.at("/config/digest").asString().substring(7))));
        JsonNode config = image.path("config");
        assertThat(config.path("User").asString()).isEqualTo("10001:10001");
        assertThat(config.path("Volumes").propertyNames()).containsExactly("/data");
        assertThat(config.path("ExposedPorts").propertyNames()).containsExactlyInAnyOrder("8080/tcp", "8081/tcp");
        assertThat(texts(config.path("Entrypoint"))).contains("/app/lib/*").endsWith("repscorer.cli.Main");
        assertThat(texts(config.path("Cmd")))
                .containsExactly(
                        "serve", "--config", "/etc/representation-scorer", "--data", "/data", "--address", "0.0.0.0");
        assertThat(texts(config.path("Env"))).contains("REPSCORER_HTTP_OPEN_READS=nowhere");
        assertThat(Instant.parse(image.path("created").asString())).isEqualTo(STAMP);
    }

    private static List<String> texts(JsonNode list) {
        return list.values().stream().map(JsonNode::asString).toList();
    }

    @Test
    void aBaseWithANameThatIsNoneIsRefused() {
        assertThatThrownBy(() ->
                        new ServiceImage(lib, CONFIG, "no such:name:", "0.1.0", STAMP).writeTo(directory.resolve("x")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no image of no such:name:");
    }
}
