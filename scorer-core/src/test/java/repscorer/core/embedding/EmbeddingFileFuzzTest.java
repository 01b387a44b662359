package repscorer.core.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.vector.SparseVector;

/** Damaged files end in a refusal that names the file, never in anything else; repeat with -Drepscorer.seed=N. */
class EmbeddingFileFuzzTest {

    private final long seed = Long.getLong("repscorer.seed", 20_261_121);

    @TempDir
    Path directory;

    @Test
    void aFlippedByteIsRefused() throws IOException {
        for (Path path : List.of(dense(), sparse())) {
            byte[] whole = Files.readAllBytes(path);
            Random random = new Random(seed);
            for (int at = 0; at < whole.length; at += 1 + random.nextInt(3)) {
                byte[] bytes = whole.clone();
                bytes[at] ^= (byte) (1 + random.nextInt(255));
                assertRefused(bytes, path, "seed %s, byte %s".formatted(seed, at));
            }
        }
    }

    @Test
    void aCutFileIsRefused() throws IOException {
        for (Path path : List.of(dense(), sparse())) {
            byte[] whole = Files.readAllBytes(path);
            for (int length = 0; length < whole.length; length += length < 600 ? 1 : 13) {
                assertRefused(Arrays.copyOf(whole, length), path, "cut to " + length);
            }
            assertRefused(Arrays.copyOf(whole, whole.length + 1), path, "one byte more");
        }
    }

    /** A liar who repairs the checksums still meets the rules of the rows. */
    @Test
    void aFlippedByteWithRepairedChecksumsIsRefusedOrStillAValidFile() throws IOException {
        int refused = 0;
        for (Path path : List.of(dense(), sparse())) {
            byte[] whole = Files.readAllBytes(path);
            Random random = new Random(seed);
            for (int at = 12; at < whole.length; at += 1 + random.nextInt(3)) {
                byte[] bytes = whole.clone();
                bytes[at] ^= (byte) (1 + random.nextInt(255));
                repair(bytes);
                refused += verifies(bytes, path, "seed %s, byte %s, repaired".formatted(seed, at)) ? 0 : 1;
            }
        }
        assertThat(refused).isGreaterThan(300);
    }

    private void assertRefused(byte[] bytes, Path path, String place) throws IOException {
        if (verifies(bytes, path, place)) {
            fail("damage went unnoticed: " + place);
        }
    }

    private boolean verifies(byte[] bytes, Path path, String place) throws IOException {
        Path damaged = directory.resolve("damaged-" + path.getFileName());
        Files.deleteIfExists(damaged);
        Files.write(damaged, bytes);
        try {
            EmbeddingFile.open(damaged).verify();
            return true;
        } catch (Rejected e) {
            assertThat(e).as(place).hasMessageContaining(damaged.getFileName().toString());
            return false;
        } catch (RuntimeException | Error e) {
            return fail("not a refusal but " + e + ": " + place, e);
        }
    }

    /** Puts right checksums into the header, as far as the header itself still makes sense. */
    private static void repair(byte[] bytes) {
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int headerBytes = file.getInt(12);
        int sections = file.getInt(44);
        if (headerBytes < 60 || headerBytes > bytes.length || sections < 0 || sections > 8) {
            return;
        }
        int tableAt = headerBytes - 4 - sections * 24;
        for (int i = 0; i < sections && tableAt > 0; i++) {
            int entry = tableAt + i * 24;
            long offset = file.getLong(entry + 8);
            long length = file.getLong(entry + 16);
            if (offset >= 0 && length >= 0 && offset <= bytes.length && length <= bytes.length - offset) {
                byte[] section = Arrays.copyOfRange(bytes, (int) offset, (int) (offset + length));
                file.putInt(entry + 4, Header.crc(section, section.length));
            }
        }
        file.putInt(headerBytes - 4, Header.crc(bytes, headerBytes - 4));
    }

    private Path dense() throws IOException {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense("twhin-user", "twhin", EntityKind.USER, 3)
                .property("seed", "1");
        for (int i = 0; i < 9; i++) {
            writer.add(EntityId.of(EntityKind.USER, i * 7L), new float[] {i, -1, 0.5f * i});
        }
        return writer.writeTo(directory);
    }

    private Path sparse() throws IOException {
        EmbeddingFileWriter writer = EmbeddingFileWriter.sparse(
                "clusters-user",
                "simclusters",
                EntityKind.USER,
                List.of(EntityId.parse("cluster:0"), EntityId.parse("cluster:1"), EntityId.parse("cluster:2")),
                Map.of(1, "music"));
        for (int i = 0; i < 6; i++) {
            writer.add(EntityId.of(EntityKind.USER, i), new SparseVector(new int[] {0, 1 + i % 2}, new float[] {1 + i, 2
            }));
        }
        return writer.writeTo(directory);
    }
}
