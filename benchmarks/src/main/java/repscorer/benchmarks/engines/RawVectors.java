package repscorer.benchmarks.engines;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Vectors as the measured processes read them: little-endian float32 and nothing else. */
final class RawVectors {

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int BUFFER_BYTES = 1 << 20;

    private RawVectors() {}

    static void write(Path file, float[][] rows) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4 * rows[0].length).order(ByteOrder.LITTLE_ENDIAN);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES)) {
            for (float[] row : rows) {
                bytes.asFloatBuffer().put(row);
                out.write(bytes.array());
            }
        }
    }

    static float[][] read(Path file, int dimension) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment values = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            float[][] rows = new float[(int) (values.byteSize() / 4 / dimension)][dimension];
            for (int row = 0; row < rows.length; row++) {
                MemorySegment.copy(values, FLOAT, 4L * dimension * row, rows[row], 0, dimension);
            }
            return rows;
        }
    }
}
