package repscorer.benchmarks.reliability;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import repscorer.ann.HnswParameters;
import repscorer.ann.SearchOptions;
import repscorer.core.disk.Disk;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.signal.Signal;
import repscorer.core.signal.SignalLimits;
import repscorer.core.signal.SignalPush;
import repscorer.core.signal.SignalSource;
import repscorer.core.signal.SignalStore;
import repscorer.core.signal.SignalType;
import repscorer.core.store.PublicationListener;
import repscorer.core.store.Release;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.RepresentationStore.Missing;
import repscorer.core.store.Snapshot;
import repscorer.core.store.SpaceVersion;
import repscorer.core.store.StoreOptions;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

/**
 * Three small spaces, one scanned, one sparse, one with a graph and the codes that are shipped, whose rows each hold one number,
 * so that any row tells which write it came from; and signals of a few users, whose times do. Rows are enough for graphs of
 * several layers, and changes for graphs over them.
 */
public final class Workload {

    static final int IDS = 120;
    static final int DIMENSION = 8;

    /** Releases that are kept beside the live one. */
    static final int KEPT = 2;

    private static final int COLUMNS = 4;
    private static final EntityKind USER = EntityKind.USER;
    static final DenseSpace DENSE =
            new DenseSpace("dense", "d", USER, DIMENSION, Metric.L2, "exact", HnswParameters.DEFAULT, 0.9, true);
    static final DenseSpace GRAPH =
            new DenseSpace("graph", "g", USER, DIMENSION, Metric.COSINE, "hnsw", new HnswParameters(6, 40, 1), 0, true);
    static final SparseSpace SPARSE = new SparseSpace("sparse", "s", USER, COLUMNS, 100, false);
    static final List<Space> SPACES_SCANNED = List.of(DENSE, SPARSE);
    static final List<Space> SPACES = List.of(DENSE, SPARSE, GRAPH);

    /** A graph over a release's rows, and one over so many changes. */
    private static final int GRAPH_ROWS_MIN = 8;

    /** The least share of rows that find themselves among the nearest three, graphs, delta graphs and scans together. */
    public static final double SELF_RECALL_MIN = 0.99;

    private static final int SEARCHED_EVERY = 10;
    private static final LongAdder SEARCHED = new LongAdder();
    private static final LongAdder FOUND = new LongAdder();

    private static final Missing CARRYING = new Missing(false, Set.of(Missing.ALL));

    private static final int USERS = 4;
    private static final int ENTITIES = 6;
    private static final long NOW = 1L << 40;
    private static final SignalType BLOCK = new SignalType("block", USER, 100, Duration.ofDays(36_500));

    private Workload() {}

    /** @param compactionChanges from so many on, a space is compacted in the background */
    static StoreOptions options(int compactionChanges) {
        return new StoreOptions(KEPT, 1 << 20, 1, 10, compactionChanges, GRAPH_ROWS_MIN);
    }

    /** The signals of a store, whose log is written anew every few pushes. */
    static SignalStore signals(Path store, Disk disk) {
        return SignalStore.open(
                disk,
                store.resolve("signals"),
                store.resolve("signals.tsv"),
                List.of(BLOCK),
                new SignalLimits(USERS, 1_000, 60),
                () -> Instant.ofEpochMilli(NOW));
    }

    /** A block that happened at the time that is its value, or was taken back where that is 0. */
    static SignalPush push(SplittableRandom random, long value) {
        EntityId entity = EntityId.of(USER, random.nextInt(ENTITIES));
        Signal signal = new Signal(BLOCK.name(), entity, value == 0 ? NOW : value);
        return new SignalPush(EntityId.of(USER, random.nextInt(USERS)), signal, value == 0);
    }

    static String row(SignalPush push) {
        return push.user() + "/" + push.signal().entity();
    }

    /** What signals hold: times, by user and entity. */
    static Map<String, Long> rows(SignalStore signals) {
        Map<String, Long> rows = new TreeMap<>();
        for (int number = 0; number < USERS; number++) {
            EntityId user = EntityId.of(USER, number);
            SignalSource.Answer answer = signals.read(user, Set.of(BLOCK.name()), Duration.ZERO);
            for (Signal signal : ((SignalSource.Answer.Found) answer).signals()) {
                rows.put(user + "/" + signal.entity(), signal.atMillis());
            }
        }
        return rows;
    }

    static EntityId id(int number) {
        return EntityId.of(USER, number);
    }

    static String row(Space space, EntityId id) {
        return space.name() + "/" + id;
    }

    /** The row of an id that stands for a number, 1 to 2^24. */
    static Embedding embedding(Space space, EntityId id, long value) {
        return space instanceof DenseSpace
                ? new Embedding.Dense(values(id, value))
                : new Embedding.Sparse(new SparseVector(new int[] {1, 2}, new float[] {value, 1}));
    }

    /** The number, and a direction that id and number make together. */
    private static float[] values(EntityId id, long value) {
        SplittableRandom direction =
                new SplittableRandom(31 * value + id.toString().hashCode());
        float[] values = new float[DIMENSION];
        values[0] = value;
        for (int i = 1; i < DIMENSION; i++) {
            values[i] = value * (float) direction.nextInt(-8, 9);
        }
        return values;
    }

    /** The number that a row stands for; -1 for a row that nobody wrote. */
    private static long value(EntityId id, Embedding embedding) {
        return switch (embedding) {
            case Embedding.Dense dense -> {
                long value = (long) dense.values()[0];
                yield java.util.Arrays.equals(dense.values(), values(id, value)) ? value : -1;
            }
            case Embedding.Sparse sparse -> {
                SparseVector vector = sparse.vector();
                yield vector.size() == 2 && vector.columns()[0] == 1 && vector.weights()[1] == 1
                        ? (long) vector.weights()[0]
                        : -1;
            }
            case Embedding.Text text -> -1;
        };
    }

    /** The share of rows that their own vectors found since the process began; 1 where none was asked. */
    public static double selfRecall() {
        return SEARCHED.sum() == 0 ? 1 : (double) FOUND.sum() / SEARCHED.sum();
    }

    /** Asks a dense space's index for a row by its own vector; what it answers that is no row is told under the row's name. */
    private static void search(SpaceVersion version, EntityId id, Map<String, Long> rows) {
        if (version.dense().isEmpty()) {
            return;
        }
        int ordinal = version.ordinal(id).orElseThrow();
        int[] found = version.dense()
                .get()
                .search(version.dense(ordinal), SearchOptions.of(3))
                .ordinals();
        boolean itself = false;
        for (int each : found) {
            itself |= each == ordinal;
            if (!version.live(each) || !version.ordinal(version.id(each)).equals(OptionalInt.of(each))) {
                rows.put(row(version.space(), id) + " finds what is no row", (long) each);
            }
        }
        SEARCHED.increment();
        FOUND.add(itself ? 1 : 0);
    }

    static Space space(SplittableRandom random, List<Space> spaces) {
        return spaces.get(random.nextInt(spaces.size()));
    }

    /** What a snapshot holds. */
    static Map<String, Long> rows(Snapshot snapshot) {
        Map<String, Long> rows = new TreeMap<>();
        for (SpaceVersion version : snapshot.spaces()) {
            int found = 0;
            for (int number = 0; number < IDS; number++) {
                EntityId id = id(number);
                Optional<Embedding> embedding = version.embedding(id);
                if (embedding.isPresent()) {
                    rows.put(row(version.space(), id), value(id, embedding.get()));
                    if (number % SEARCHED_EVERY == version.count() % SEARCHED_EVERY) {
                        search(version, id, rows);
                    }
                    found++;
                }
            }
            if (found != version.count()) {
                rows.put(version.space().name() + " counts", (long) version.count());
            }
        }
        return rows;
    }

    /** What every release of a store that can be read holds. */
    static Map<String, Map<String, Long>> releases(RepresentationStore store) {
        Map<String, Map<String, Long>> found = new TreeMap<>();
        for (Release release : store.releases()) {
            if (release.state() != Release.State.REJECTED) {
                found.put(release.name(), rows(store.snapshot(release.name()).orElseThrow()));
            }
        }
        return found;
    }

    /** The files of a release to come, by space, and what they hold. */
    public record ReleaseFiles(Map<String, byte[]> files, Map<String, Long> rows) {

        /** Those of some spaces. */
        ReleaseFiles of(List<Space> spaces) {
            Map<String, byte[]> some = new TreeMap<>();
            Map<String, Long> someRows = new TreeMap<>();
            for (Space space : spaces) {
                some.put(space.name(), Objects.requireNonNull(files.get(space.name())));
                rows.forEach((row, value) -> {
                    if (row.startsWith(space.name() + "/")) {
                        someRows.put(row, value);
                    }
                });
            }
            return new ReleaseFiles(some, someRows);
        }
    }

    /** Every third id of each space, all with one number. */
    static ReleaseFiles release(Path scratch, long value) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        Map<String, Long> rows = new TreeMap<>();
        List<EntityId> columns = new ArrayList<>();
        for (int c = 0; c < COLUMNS; c++) {
            columns.add(EntityId.parse("cluster:" + c));
        }
        EmbeddingFileWriter dense = EmbeddingFileWriter.dense(DENSE.name(), "d", USER, DIMENSION);
        EmbeddingFileWriter graph = EmbeddingFileWriter.dense(GRAPH.name(), "g", USER, DIMENSION);
        EmbeddingFileWriter sparse = EmbeddingFileWriter.sparse(SPARSE.name(), "s", USER, columns, Map.of());
        for (int number = (int) (value % 3); number < IDS; number += 3) {
            EntityId id = id(number);
            dense.add(id, values(id, value));
            graph.add(id, values(id, value));
            sparse.add(id, new SparseVector(new int[] {1, 2}, new float[] {value, 1}));
            rows.put(row(DENSE, id), value);
            rows.put(row(GRAPH, id), value);
            rows.put(row(SPARSE, id), value);
        }
        for (EmbeddingFileWriter writer : List.of(dense, graph, sparse)) {
            Path file = writer.writeTo(scratch);
            String space = String.valueOf(file.getFileName()).replace(".emb", "");
            files.put(space, Files.readAllBytes(file));
        }
        return new ReleaseFiles(files, rows);
    }

    /** Spaces that the files lack are carried over from the live release. */
    static void publish(RepresentationStore store, String release, ReleaseFiles files) {
        files.files().forEach((space, bytes) -> store.stage(release, space, new ByteArrayInputStream(bytes)));
        store.publish(release, CARRYING, PublicationListener.NONE);
    }
}
