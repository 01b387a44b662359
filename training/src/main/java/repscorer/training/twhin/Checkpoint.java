package repscorer.training.twhin;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import repscorer.training.graph.DataException;
import repscorer.training.graph.Fingerprints;
import repscorer.training.graph.Graph;
import repscorer.training.plan.TwhinPlan;

/** A run's state in a file, written beside it and renamed, so that what lies under its name is whole. */
final class Checkpoint {

    private static final long MAGIC = 0x7265707477636b32L;
    private static final int CHUNK = 1 << 14;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private final Path file;
    private final String fingerprint;
    private final List<MemorySegment> values;
    private final TrainingState state;

    /** @param values all rows and sums that are learnt, of the whole run */
    Checkpoint(Path file, String fingerprint, List<MemorySegment> values, TrainingState state) {
        this.file = file;
        this.fingerprint = fingerprint;
        this.values = values;
        this.state = state;
    }

    /** What must be the same for a run to go on: plan, seed, and the data in their order. */
    static String fingerprint(Graph graph, TwhinPlan plan, long seed) {
        StringBuilder text = new StringBuilder();
        text.append(plan).append(" seed ").append(seed);
        graph.entities()
                .forEach((kind, index) ->
                        text.append(' ').append(kind).append(' ').append(index.count()));
        graph.relations()
                .forEach(r -> text.append(' ').append(r.name()).append(' ').append(r.edges()));
        return Integer.toHexString(text.toString().hashCode()) + "-" + text.length() + "-"
                + Fingerprints.ofOrder(graph);
    }

    boolean exists() {
        return Files.isRegularFile(file);
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }

    void write() throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(temporary)))) {
            out.writeLong(MAGIC);
            out.writeUTF(fingerprint);
            out.writeInt(state.epoch);
            out.writeInt(state.bucket);
            out.writeInt(state.step);
            out.writeLong(state.halfEdges);
            out.writeDouble(state.lossSum);
            out.writeDouble(state.lossWeight);
            out.writeInt(state.losses.size());
            for (double loss : state.losses) {
                out.writeDouble(loss);
            }
            out.writeInt(state.validation.size());
            for (var look : state.validation.entrySet()) {
                out.writeInt(look.getKey());
                out.writeDouble(look.getValue());
            }
            out.writeDouble(state.lastValidation);
            out.writeDouble(state.bestValidation);
            out.writeInt(state.bestEpoch);
            for (MemorySegment segment : values) {
                write(out, segment);
            }
            out.writeInt(state.best.size());
            for (float[] rows : state.best) {
                out.writeInt(rows.length);
                write(out, MemorySegment.ofArray(rows));
            }
            out.writeLong(MAGIC);
        }
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Brings tables and state to where the file says. */
    void read() throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            if (in.readLong() != MAGIC) {
                throw new DataException("%s is no checkpoint".formatted(file));
            }
            if (!in.readUTF().equals(fingerprint)) {
                throw new DataException("%s is of another plan, seed or data; delete it to begin anew".formatted(file));
            }
            state.epoch = in.readInt();
            state.bucket = in.readInt();
            state.step = in.readInt();
            state.halfEdges = in.readLong();
            state.lossSum = in.readDouble();
            state.lossWeight = in.readDouble();
            int losses = in.readInt();
            for (int i = 0; i < losses; i++) {
                state.losses.add(in.readDouble());
            }
            int looks = in.readInt();
            for (int i = 0; i < looks; i++) {
                state.validation.put(in.readInt(), in.readDouble());
            }
            state.lastValidation = in.readDouble();
            state.bestValidation = in.readDouble();
            state.bestEpoch = in.readInt();
            for (MemorySegment segment : values) {
                read(in, segment);
            }
            int best = in.readInt();
            List<float[]> kept = new ArrayList<>();
            for (int i = 0; i < best; i++) {
                float[] rows = new float[in.readInt()];
                read(in, MemorySegment.ofArray(rows));
                kept.add(rows);
            }
            state.best.addAll(kept);
            if (in.readLong() != MAGIC) {
                throw new DataException("%s is damaged".formatted(file));
            }
        } catch (EOFException e) {
            throw new DataException("%s is cut off".formatted(file));
        }
    }

    private static void write(DataOutputStream out, MemorySegment floats) throws IOException {
        byte[] bytes = new byte[CHUNK * Float.BYTES];
        for (long from = 0; from < floats.byteSize(); from += bytes.length) {
            int length = (int) Math.min(bytes.length, floats.byteSize() - from);
            MemorySegment.copy(
                    floats, ValueLayout.JAVA_FLOAT, from, MemorySegment.ofArray(bytes), FLOAT, 0, length / Float.BYTES);
            out.write(bytes, 0, length);
        }
    }

    private static void read(DataInputStream in, MemorySegment floats) throws IOException {
        byte[] bytes = new byte[CHUNK * Float.BYTES];
        for (long from = 0; from < floats.byteSize(); from += bytes.length) {
            int length = (int) Math.min(bytes.length, floats.byteSize() - from);
            in.readFully(bytes, 0, length);
            MemorySegment.copy(
                    MemorySegment.ofArray(bytes), FLOAT, 0, floats, ValueLayout.JAVA_FLOAT, from, length / Float.BYTES);
        }
    }
}
