package repscorer.training.twhin;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import repscorer.training.graph.DataException;
import repscorer.training.graph.Graph;
import repscorer.training.plan.TwhinPlan;

/** A run's state in a file, written beside it and renamed, so that what lies under its name is whole. */
final class Checkpoint {

    private static final long MAGIC = 0x7265707477636b31L;
    private static final int CHUNK = 1 << 14;

    private final Path file;
    private final String fingerprint;
    private final List<Table> tables;
    private final TrainingState state;

    Checkpoint(Path file, String fingerprint, List<Table> tables, TrainingState state) {
        this.file = file;
        this.fingerprint = fingerprint;
        this.tables = tables;
        this.state = state;
    }

    /** What must be the same for a run to go on: plan, seed, and the size of the data. */
    static String fingerprint(Graph graph, TwhinPlan plan, long seed) {
        StringBuilder text = new StringBuilder();
        text.append(plan).append(" seed ").append(seed);
        graph.entities()
                .forEach((kind, index) ->
                        text.append(' ').append(kind).append(' ').append(index.count()));
        graph.relations()
                .forEach(r -> text.append(' ').append(r.name()).append(' ').append(r.edges()));
        return Integer.toHexString(text.toString().hashCode()) + "-" + text.length();
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
            for (Table table : tables) {
                write(out, table.rows);
                write(out, table.squares);
            }
            out.writeInt(state.best.size());
            for (float[] rows : state.best) {
                write(out, rows);
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
            for (Table table : tables) {
                read(in, table.rows);
                read(in, table.squares);
            }
            int best = in.readInt();
            List<float[]> kept = new ArrayList<>();
            for (int i = 0; i < best; i++) {
                float[] rows = new float[tables.get(i).rows.length];
                read(in, rows);
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

    private static void write(DataOutputStream out, float[] values) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK * Float.BYTES);
        for (int from = 0; from < values.length; from += CHUNK) {
            int n = Math.min(CHUNK, values.length - from);
            buffer.clear();
            buffer.asFloatBuffer().put(values, from, n);
            out.write(buffer.array(), 0, n * Float.BYTES);
        }
    }

    private static void read(DataInputStream in, float[] values) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK * Float.BYTES);
        for (int from = 0; from < values.length; from += CHUNK) {
            int n = Math.min(CHUNK, values.length - from);
            in.readFully(buffer.array(), 0, n * Float.BYTES);
            buffer.clear();
            buffer.asFloatBuffer().get(values, from, n);
        }
    }
}
