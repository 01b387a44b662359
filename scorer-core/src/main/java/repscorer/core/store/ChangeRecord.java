package repscorer.core.store;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.NewColumns;
import repscorer.core.engagement.Addition;
import repscorer.core.engagement.ItemSums;
import repscorer.core.entity.EntityId;
import repscorer.core.log.RecordFormat;
import repscorer.vector.SparseVector;

/**
 * One change as it stands in a log.
 *
 * @param producer who numbers its changes; empty for nobody
 * @param names what its last columns stand for, by ascending column: those that the base has not
 */
record ChangeRecord(String producer, Change change, List<EntityId> names) {

    /** Of a change whose columns the base has, all of them. */
    ChangeRecord(String producer, Change change) {
        this(producer, change, List.of());
    }

    /** Of any change. */
    static ChangeRecord of(String producer, Change change, EmbeddingFile base, NewColumns columns) {
        return new ChangeRecord(producer, change, names(change, base.dimension(), columns));
    }

    private static List<EntityId> names(Change change, int known, NewColumns columns) {
        int[] all = columnsOf(change);
        if (all.length == 0 || all[all.length - 1] < known) {
            return List.of();
        }
        return Arrays.stream(all)
                .filter(column -> column >= known)
                .mapToObj(columns::name)
                .toList();
    }

    /** Has columns know the names that it gives. */
    void teach(NewColumns columns) {
        int[] all = columnsOf(change);
        for (int i = 0; i < names.size(); i++) {
            columns.learn(all[all.length - names.size() + i], names.get(i));
        }
    }

    private static int[] columnsOf(Change change) {
        return switch (change) {
            case Change.Upsert upsert ->
                upsert.embedding() instanceof Embedding.Sparse sparse
                        ? sparse.vector().columns()
                        : new int[0];
            case Change.Added event -> event.addition().added().columns();
            case Change.Restated event -> event.sums().columns();
            case Change.Delete delete -> new int[0];
            case Change.Named named -> throw notNumbered(named);
            case Change.Engagement event -> throw notNumbered(event);
        };
    }

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
    private static final byte NAMED = 4; // as SPARSE, then the names of its last columns
    private static final byte ADDED = 5;
    private static final byte RESTATED = 6;
    private static final byte TEXT = 7;

    /** Times, a hash, and whether it counts. */
    private static final int ADDED_BYTES = 3 * Long.BYTES + 1;

    /** Added to a kind whose record says when its vector was made, behind the number. */
    private static final byte TIMED = 0x40;

    private OptionalLong madeMillis() {
        return change instanceof Change.Upsert upsert ? upsert.madeMillis() : OptionalLong.empty();
    }

    private int byteSize() {
        int size = 1
                + (madeMillis().isPresent() ? 2 : 1) * Long.BYTES
                + sized(producer)
                + sized(change.id().toString());
        return size
                + switch (change) {
                    case Change.Delete delete -> 0;
                    case Change.Named named -> throw notNumbered(named);
                    case Change.Engagement event -> throw notNumbered(event);
                    case Change.Added event ->
                        ADDED_BYTES + sparseSize(event.addition().added()) + Integer.BYTES + wordsSize();
                    case Change.Restated event ->
                        2 * Long.BYTES
                                + Integer.BYTES
                                + Long.BYTES * event.sums().users().length
                                + Integer.BYTES
                                + (Integer.BYTES + Double.BYTES) * event.sums().columns().length
                                + Integer.BYTES
                                + wordsSize();
                    case Change.Upsert upsert ->
                        switch (upsert.embedding()) {
                            case Embedding.Dense dense -> Integer.BYTES + Float.BYTES * dense.values().length;
                            case Embedding.Sparse sparse -> sparseSize(sparse.vector()) + namesSize();
                            case Embedding.Text text -> Integer.BYTES + bytes(text).length;
                        };
                };
    }

    private static int sparseSize(SparseVector vector) {
        return Integer.BYTES + (Integer.BYTES + Float.BYTES) * vector.size();
    }

    private int namesSize() {
        return names.isEmpty() ? 0 : Integer.BYTES + wordsSize();
    }

    private int wordsSize() {
        return names.stream().mapToInt(name -> sized(name.toString())).sum();
    }

    private static IllegalStateException notNumbered(Change change) {
        return new IllegalStateException("columns have numbers before they are written: " + change.id());
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
            case Change.Named named -> throw notNumbered(named);
            case Change.Engagement event -> throw notNumbered(event);
            case Change.Added event -> {
                begin(out, ADDED);
                Addition more = event.addition();
                out.putLong(more.atMillis()).putLong(more.takenMillis()).putLong(more.user());
                out.put((byte) (more.counts() ? 1 : 0));
                sparse(out, more.added());
                names(out);
            }
            case Change.Restated event -> {
                begin(out, RESTATED);
                ItemSums sums = event.sums();
                out.putLong(sums.momentMillis()).putLong(sums.takenMillis()).putInt(sums.users().length);
                for (long user : sums.users()) {
                    out.putLong(user);
                }
                out.putInt(sums.columns().length);
                for (int i = 0; i < sums.columns().length; i++) {
                    out.putInt(sums.columns()[i]).putDouble(sums.sums()[i]);
                }
                names(out);
            }
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
                        begin(out, names.isEmpty() ? SPARSE : NAMED);
                        sparse(out, sparse.vector());
                        if (!names.isEmpty()) {
                            names(out);
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

    private static void sparse(ByteBuffer out, SparseVector vector) {
        out.putInt(vector.size());
        for (int i = 0; i < vector.size(); i++) {
            out.putInt(vector.columns()[i]).putFloat(vector.weights()[i]);
        }
    }

    private void names(ByteBuffer out) {
        out.putInt(names.size());
        names.forEach(name -> word(out, name.toString()));
    }

    private void begin(ByteBuffer out, byte kind) {
        OptionalLong made = madeMillis();
        out.put(made.isPresent() ? (byte) (kind | TIMED) : kind)
                .putLong(change.number().orElse(Long.MIN_VALUE));
        made.ifPresent(out::putLong);
        word(out, producer);
        word(out, change.id().toString());
    }

    private static void word(ByteBuffer out, String word) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        out.putShort((short) bytes.length).put(bytes);
    }

    private static ChangeRecord read(ByteBuffer in) {
        try {
            int first = in.get();
            boolean timed = (first & TIMED) != 0 && first != (DELETE | TIMED);
            int kind = timed ? first ^ TIMED : first;
            long number = in.getLong();
            OptionalLong made = timed ? OptionalLong.of(in.getLong()) : OptionalLong.empty();
            OptionalLong given = number == Long.MIN_VALUE ? OptionalLong.empty() : OptionalLong.of(number);
            String producer = word(in);
            EntityId id = EntityId.parse(word(in));
            Change change = switch (kind) {
                case DELETE -> new Change.Delete(id, given);
                case DENSE -> new Change.Upsert(id, dense(in), given, made);
                case SPARSE, NAMED -> new Change.Upsert(id, new Embedding.Sparse(sparse(in)), given, made);
                case ADDED -> new Change.Added(id, addition(in), given);
                case RESTATED -> new Change.Restated(id, sums(in));
                case TEXT -> new Change.Upsert(id, text(in), given, made);
                default -> throw new IllegalArgumentException("a record is of kind 1 to 7: " + kind);
            };
            return new ChangeRecord(producer, change, kind >= NAMED && kind < TEXT ? names(change, in) : List.of());
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

    private static Addition addition(ByteBuffer in) {
        long at = in.getLong();
        long taken = in.getLong();
        long user = in.getLong();
        boolean counts = in.get() != 0;
        return new Addition(user, counts, sparse(in), taken, at);
    }

    private static ItemSums sums(ByteBuffer in) {
        long moment = in.getLong();
        long taken = in.getLong();
        long[] users = new long[count(in, Long.BYTES)];
        for (int i = 0; i < users.length; i++) {
            users[i] = in.getLong();
        }
        int[] columns = new int[count(in, Integer.BYTES + Double.BYTES)];
        double[] sums = new double[columns.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = in.getInt();
            sums[i] = in.getDouble();
        }
        return new ItemSums(moment, taken, users, columns, sums);
    }

    private static SparseVector sparse(ByteBuffer in) {
        int size = count(in, Integer.BYTES + Float.BYTES);
        int[] columns = new int[size];
        float[] weights = new float[size];
        for (int i = 0; i < size; i++) {
            columns[i] = in.getInt();
            weights[i] = in.getFloat();
        }
        return new SparseVector(columns, weights);
    }

    private static List<EntityId> names(Change change, ByteBuffer in) {
        int columns = columnsOf(change).length;
        int size = count(in, Short.BYTES);
        if (size > columns) {
            throw new IllegalArgumentException("a record names columns that it has: %s of %s".formatted(size, columns));
        }
        List<EntityId> names = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            names.add(EntityId.parse(word(in)));
        }
        return names;
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
