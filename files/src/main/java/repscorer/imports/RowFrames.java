package repscorer.imports;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Rows on their way from one process to another. Only what ends with {@link #END} is whole. */
final class RowFrames {

    private static final int DENSE = 1;
    private static final int SPARSE = 2;
    private static final int BAD = 3;
    private static final int PROGRESS = 4;
    private static final int WRONG = 5;
    private static final int BROKEN = 6;
    private static final int COLUMNS = 7;
    private static final int END = 0x656E6421;

    private RowFrames() {}

    /** Writes what it is handed. For one thread. */
    static final class Writer implements RowSink {

        private final DataOutputStream out;

        Writer(DataOutputStream out) {
            this.out = out;
        }

        private interface Frame {
            void write() throws IOException;
        }

        private static void write(Frame frame) {
            try {
                frame.write();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void text(String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            out.writeInt(bytes.length);
            out.write(bytes);
        }

        private void numbers(float[] values) throws IOException {
            out.writeInt(values.length);
            for (float value : values) {
                out.writeFloat(value);
            }
        }

        @Override
        public void dense(long row, String id, float[] values) {
            write(() -> {
                out.writeInt(DENSE);
                out.writeLong(row);
                text(id);
                numbers(values);
            });
        }

        @Override
        public void sparse(long row, String id, String[] columns, float[] weights, boolean ordered) {
            write(() -> {
                out.writeInt(SPARSE);
                out.writeLong(row);
                text(id);
                out.writeInt(columns.length);
                for (String column : columns) {
                    text(column);
                }
                numbers(weights);
                out.writeBoolean(ordered);
            });
        }

        @Override
        public void columns(String told) {
            write(() -> {
                out.writeInt(COLUMNS);
                text(told);
            });
        }

        @Override
        public void bad(long row, String rule) {
            write(() -> {
                out.writeInt(BAD);
                out.writeLong(row);
                text(rule);
            });
        }

        @Override
        public void progress(long rows) {
            write(() -> {
                out.writeInt(PROGRESS);
                out.writeLong(rows);
            });
        }

        /** The file as a whole is not what it should be. */
        void wrong(String message) {
            write(() -> {
                out.writeInt(WRONG);
                text(message);
            });
        }

        /** The file cannot be read on. */
        void broken(String message) {
            write(() -> {
                out.writeInt(BROKEN);
                text(message);
            });
        }

        void end() throws IOException {
            out.writeInt(END);
            out.flush();
        }
    }

    /**
     * Hands rows over until the end.
     *
     * @throws EOFException when they stop before it
     * @throws IOException with the words of {@link Writer#broken}
     * @throws IllegalArgumentException with the words of {@link Writer#wrong}
     */
    static void read(DataInputStream in, RowSink sink) throws IOException {
        while (true) {
            switch (in.readInt()) {
                case DENSE -> sink.dense(in.readLong(), text(in), numbers(in));
                case SPARSE -> {
                    long row = in.readLong();
                    String id = text(in);
                    String[] columns = new String[count(in)];
                    for (int i = 0; i < columns.length; i++) {
                        columns[i] = text(in);
                    }
                    sink.sparse(row, id, columns, numbers(in), in.readBoolean());
                }
                case COLUMNS -> sink.columns(text(in));
                case BAD -> sink.bad(in.readLong(), text(in));
                case PROGRESS -> sink.progress(in.readLong());
                case WRONG -> throw new IllegalArgumentException(text(in));
                case BROKEN -> throw new IOException(text(in));
                case END -> {
                    return;
                }
                default -> throw new EOFException();
            }
        }
    }

    private static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > RowSource.ROW_BYTES_MAX) {
            throw new EOFException();
        }
        return count;
    }

    private static String text(DataInputStream in) throws IOException {
        byte[] bytes = new byte[count(in)];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static float[] numbers(DataInputStream in) throws IOException {
        float[] values = new float[count(in)];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.readFloat();
        }
        return values;
    }
}
