package repscorer.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NpyReaderTest {

    private static byte[] npy(String type, boolean fortran, String shape, byte[] values) {
        byte[] header = "{'descr': '%s', 'fortran_order': %s, 'shape': %s, }\n"
                .formatted(type, fortran ? "True" : "False", shape)
                .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(10 + header.length + values.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) header.length)
                .put(header)
                .put(values)
                .array();
    }

    private static List<float[]> read(byte[] file) throws IOException {
        NpyReader reader = new NpyReader("a.npy", new ByteArrayInputStream(file));
        List<float[]> rows = new ArrayList<>();
        for (Optional<float[]> row = reader.next(); row.isPresent(); row = reader.next()) {
            rows.add(row.get());
        }
        return rows;
    }

    private static byte[] bytes(String hex) {
        byte[] bytes = new byte[hex.length() / 2];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(hex.substring(2 * i, 2 * i + 2), 16);
        }
        return bytes;
    }

    @ParameterizedTest
    @DisplayName("V10: every number type of NumPy, in both orders of bytes, as numpy writes 1 and its neighbours")
    @CsvSource({
        "<f2, 003c00c0, 1, -2",
        ">f2, 3c007bff, 1, 65504",
        "<f4, 0000803f000000c0, 1, -2",
        ">f4, 3f800000c0000000, 1, -2",
        "<f8, 000000000000f03f00000000000000c0, 1, -2",
        ">f8, 3ff0000000000000c000000000000000, 1, -2",
        "|i1, 0180, 1, -128",
        "|u1, 01ff, 1, 255",
        "<i2, 010000ff, 1, -256",
        ">i2, 0001ff00, 1, -256",
        ">u2, 0001ff00, 1, 65280",
        "<u2, 010000ff, 1, 65280",
        ">i4, 00000001fffffffe, 1, -2",
        "<u4, 01000000000000f0, 1, 4026531840",
        ">i8, 0000000000000001fffffffffffffffe, 1, -2",
        "<u8, 010000000000000000000000000000f0, 1, 17293822569102704640",
    })
    void types(String type, String hex, float first, float second) throws IOException {
        assertThat(read(npy(type, false, "(1, 2)", bytes(hex)))).singleElement().isEqualTo(new float[] {first, second});
        assertThat(read(npy(type, true, "(2, 1)", bytes(hex))))
                .containsExactly(new float[] {first}, new float[] {second});
    }

    @Test
    @DisplayName("V10: an array in Fortran order is turned, and one that is too large says what to do")
    void fortranOrder() throws IOException {
        ByteBuffer columns = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : new float[] {1, 4, 2, 5, 3, 6}) {
            columns.putFloat(value);
        }
        byte[] good = npy("<f4", true, "(2, 3)", columns.array());
        assertThat(read(good)).containsExactly(new float[] {1, 2, 3}, new float[] {4, 5, 6});
        assertThatThrownBy(() -> read(Arrays.copyOf(good, good.length - 1)))
                .hasMessage("a.npy: column 3 of 3 is cut short");
        assertThatThrownBy(() -> read(Arrays.copyOf(good, good.length + 1)))
                .hasMessageContaining("more follows the 2 rows");
        assertThatThrownBy(() -> read(npy("<f8", true, "(2147483647, 1000000)", columns.array())))
                .hasMessageContaining("it is in Fortran order, and to turn it takes")
                .hasMessageContaining("numpy.ascontiguousarray");
    }

    @Test
    void whatIsNoMatrixOfNumbersIsNamed() {
        assertThatThrownBy(() -> read(npy("<f4", false, "(5,)", new byte[20])))
                .hasMessage("a.npy: the array must have two dimensions, rows and values: its shape is (5,)");
        assertThatThrownBy(() -> read(npy("<c8", false, "(1, 1)", new byte[8]))).hasMessageContaining("'<c8'");
        assertThatThrownBy(() -> read(npy("<f8", false, "(1, 1)", bytes("000000000000f07e"))))
                .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> read(Arrays.copyOf(npy("<f4", false, "(1, 1)", new byte[0]), 40)))
                .hasMessage("a.npy: the header is cut short");
    }

    @Test
    @DisplayName(
            "a header that is no dictionary of its three keys, or of a version there is not, is refused in one line")
    void headersAreReadStrictly() {
        byte[] good = npy("<f4", false, "(1, 1)", new byte[4]);
        for (int at : new int[] {6, 7, 10, 12, 20, 24, 27, 40}) {
            byte[] flipped = good.clone();
            flipped[at] ^= (byte) 0x88;
            assertThatThrownBy(() -> read(flipped))
                    .isInstanceOf(IOException.class)
                    .message()
                    .satisfies(
                            message -> assertThat(message).startsWith("a.npy: ").matches("[ -~]+"));
        }
    }
}
