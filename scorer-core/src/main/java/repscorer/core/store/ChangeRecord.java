package repscorer.core.store;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import repscorer.core.embedding.Embedding;
import repscorer.core.entity.EntityId;
import repscorer.core.log.RecordFormat;
import repscorer.vector.SparseVector;

/** One change as it stands in a log. @param producer who numbers its changes; empty for nobody */
record ChangeRecord(String producer, Change change) {

    static final RecordFormat<ChangeRecord> FORMAT = new RecordFormat<>() {

        @Override
        public int byteSize(ChangeRecord each) {
            return each.byteSize();
        }

        @Override
        public void write(ChangeRecord each, ByteBuffer out) {
            each.writeTo(out);
        }

        @Override
        public ChangeRecord read(ByteBuffer in) {
            return ChangeRecord.read(in);
        }
    };

    private static final byte DENSE = 1;
    private static final byte SPARSE = 2;
    private static final byte DELETE = 3;
    private static final byte TEXT = 4;

    private int byteSize() {
        int size = 1 + Long.BYTES + sized(producer) + sized(change.id().toString());
        return size
                + switch (change) {
                    case Change.Delete delete -> 0;
                    case Change.Upsert upsert ->
                        switch (upsert.embedding()) {
                            case Embedding.Dense dense -> Integer.BYTES + Float.BYTES * dense.values().length;
                            case Embedding.Sparse sparse ->
                                Integer.BYTES
                                        + (Integer.BYTES + Float.BYTES)
                                                * sparse.vector().size();
                            case Embedding.Text text -> Integer.BYTES + bytes(text).length;
                        };
                };
    }

    private static byte[] bytes(Embedding.Text text) {
        return text.value().getBytes(StandardCharsets.UTF_8);
    }

    private static int sized(String word) {
        return Short.BYTES + word.getBytes(StandardCharsets.UTF_8).length;
    }

    private void writeTo(ByteBuffer out) {
        switch (change) {
            case Change.Delete delete -> begin(out, DELETE);
            case Change.Upsert upsert -> {
                switch (upsert.embedding()) {
                    case Embedding.Dense dense -> {
                        begin(out, DENSE);
                        out.putInt(dense.values().length);
                        for (float value : dense.values()) {
                            out.putFloat(value);
                        }
                    }
                    case Embedding.Sparse sparse -> {
                        begin(out, SPARSE);
                        SparseVector vector = sparse.vector();
                        out.putInt(vector.size());
                        for (int i = 0; i < vector.size(); i++) {
                            out.putInt(vector.columns()[i]).putFloat(vector.weights()[i]);
                        }
                    }
                    case Embedding.Text text -> {
                        begin(out, TEXT);
                        byte[] bytes = bytes(text);
                        out.putInt(bytes.length).put(bytes);
                    }
                }
            }
        }
    }

    private void begin(ByteBuffer out, byte kind) {
        out.put(kind).putLong(change.number().orElse(Long.MIN_VALUE));
        word(out, producer);
        word(out, change.id().toString());
    }

    private static void word(ByteBuffer out, String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        out.putShort((short) bytes.length).put(bytes);
    }

    private static ChangeRecord read(ByteBuffer in) {
        try {
            byte kind = in.get();
            long number = in.getLong();
            OptionalLong given = number == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(number);
            String producer = word(in);
            EntityId id = EntityId.parse(word(in));
            return new ChangeRecord(
                    producer,
                    switch (kind) {
                        case DELETE -> new Change.Delete(id, given);
                        case DENSE -> new Change.Upsert(id, dense(in), given);
                        case SPARSE -> new Change.Upsert(id, sparse(in), given);
                        case TEXT -> new Change.Upsert(id, text(in), given);
                        default -> throw new IllegalArgumentException("a record is of kind 1 to 4: " + kind);
                    });
        } catch (BufferUnderflowException | NegativeArraySizeException e) {
            throw new IllegalArgumentException("a record ends too early", e);
        }
    }

    private static Embedding dense(ByteBuffer in) {
        float[] values = new float[count(in, Float.BYTES)];
        for (int i = 0; i < values.length; i++) {
            values[i] = in.getFloat();
        }
        return new Embedding.Dense(values);
    }

    private static Embedding sparse(ByteBuffer in) {
        int size = count(in, Integer.BYTES + Float.BYTES);
        int[] columns = new int[size];
        float[] weights = new float[size];
        for (int i = 0; i < size; i++) {
            columns[i] = in.getInt();
            weights[i] = in.getFloat();
        }
        return new Embedding.Sparse(new SparseVector(columns, weights));
    }

    private static Embedding text(ByteBuffer in) {
        byte[] bytes = new byte[count(in, 1)];
        in.get(bytes);
        return new Embedding.Text(new String(bytes, StandardCharsets.UTF_8));
    }

    private static int count(ByteBuffer in, int bytesEach) {
        int count = in.getInt();
        if (count < 0 || count > in.remaining() / bytesEach) {
            throw new IllegalArgumentException("a record ends too early: %s values".formatted(count));
        }
        return count;
    }

    private static String word(ByteBuffer in) {
        byte[] bytes = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
