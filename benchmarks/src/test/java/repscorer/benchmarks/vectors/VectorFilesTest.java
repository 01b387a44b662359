package repscorer.benchmarks.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorFilesTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void readsEveryKindPlainAndGzipped() throws IOException {
        byte[] fvecs = bytes(24)
                .putInt(2)
                .putFloat(1.5f)
                .putFloat(-2)
                .putInt(2)
                .putFloat(3)
                .putFloat(4)
                .array();
        assertThat(VectorFiles.vectors(write("a.fvecs", fvecs), 9)).isDeepEqualTo(new float[][] {{1.5f, -2}, {3, 4}});
        assertThat(VectorFiles.vectors(write("a.fvecs.gz", fvecs), 1)).isDeepEqualTo(new float[][] {{1.5f, -2}});
        byte[] bvecs =
                bytes(7).putInt(3).put((byte) 1).put((byte) 200).put((byte) 255).array();
        assertThat(VectorFiles.vectors(write("a.bvecs.gz", bvecs), 9)).isDeepEqualTo(new float[][] {{1, 200, 255}});
        byte[] ivecs = bytes(12).putInt(2).putInt(7).putInt(1 << 30).array();
        assertThat(VectorFiles.ordinals(write("a.ivecs", ivecs), 9)).isDeepEqualTo(new int[][] {{7, 1 << 30}});
        byte[] floats =
                bytes(16).putFloat(1).putFloat(2).putFloat(3).putFloat(4).array();
        assertThat(VectorFiles.vectors(write("a.npy", npy("<f4", "(2, 2)", floats)), 9))
                .isDeepEqualTo(new float[][] {{1, 2}, {3, 4}});
        byte[] longs = bytes(16).putLong(5).putLong(6).array();
        assertThat(VectorFiles.ordinals(write("a.npy.gz", npy("<i8", "(1, 2)", longs)), 9))
                .isDeepEqualTo(new int[][] {{5, 6}});
    }

    @Test
    void aFaultIsNamedByFileAndRecord() throws IOException {
        byte[] cut = bytes(17).putInt(2).putFloat(1).putFloat(2).putInt(2).array();
        assertThatThrownBy(() -> VectorFiles.vectors(write("cut.fvecs", cut), 9))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cut.fvecs: row 2 is cut short");
        byte[] mixed =
                bytes(20).putInt(2).putInt(1).putInt(2).putInt(1).putInt(9).array();
        assertThatThrownBy(() -> VectorFiles.ordinals(write("mixed.ivecs", mixed), 9))
                .hasMessageContaining("mixed.ivecs: row 2 has dimension 1, row 1 has 2");
        assertThatThrownBy(() -> VectorFiles.vectors(
                        write("wild.fvecs", bytes(4).putInt(-5).array()), 9))
                .hasMessageContaining("wild.fvecs: row 1 has dimension -5");
        assertThatThrownBy(() -> VectorFiles.vectors(write("short.npy", npy("<f4", "(3, 1)", new byte[8])), 9))
                .hasMessageContaining("short.npy: row 3 of 3 is cut short");
        assertThatThrownBy(() -> VectorFiles.vectors(write("complex.npy", npy("<c8", "(1, 1)", new byte[8])), 9))
                .hasMessageContaining("complex.npy: values must be")
                .hasMessageContaining("<c8");
        assertThatThrownBy(() -> VectorFiles.vectors(write("flat.npy", npy("<f4", "(3,)", new byte[12])), 9))
                .hasMessageContaining("flat.npy: the array must have two dimensions");
        assertThatThrownBy(() -> VectorFiles.vectors(write("no.npy", new byte[100]), 9))
                .hasMessageContaining("no.npy: not an .npy file");
        assertThatThrownBy(() -> VectorFiles.ordinals(write("f.npy", npy("<f4", "(1, 1)", new byte[4])), 9))
                .hasMessageContaining("ordinals must be i4 or i8");
    }

    @Test
    void absentFilesAndUnknownNamesAreRefused() throws IOException {
        assertThatThrownBy(() -> VectorFiles.vectors(folder.resolve("none.fvecs"), 9))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("none.fvecs: no such file");
        assertThatThrownBy(() -> VectorFiles.vectors(write("a.csv", new byte[1]), 9))
                .hasMessageContaining("a.csv: vectors come in");
        assertThatThrownBy(() -> VectorFiles.ordinals(write("a.fvecs", new byte[1]), 9))
                .hasMessageContaining("ordinals come in");
    }

    private static ByteBuffer bytes(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] npy(String type, String shape, byte[] values) throws IOException {
        String header = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }\n".formatted(type, shape);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length(), 0});
        out.write(header.getBytes(StandardCharsets.ISO_8859_1));
        out.write(values);
        return out.toByteArray();
    }

    private Path write(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream plain = Files.newOutputStream(file);
                OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(plain) : plain) {
            out.write(bytes);
        }
        return file;
    }
}
