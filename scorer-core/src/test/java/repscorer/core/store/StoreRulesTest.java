package repscorer.core.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.ann.hnsw.Quantization;
import repscorer.core.disk.Disk;
import repscorer.core.disk.SealedText;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.embedding.NewColumns;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SpacePolicy;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.engagement.Addition;
import repscorer.core.engagement.ItemSums;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.vector.Metric;
import repscorer.vector.SparseVector;

/** The rules of names, manifests, records, changes and files, at their bounds and just beyond them. */
class StoreRulesTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final EntityId ONE = EntityId.of(USER, 1);
    private static final float LARGEST_HALF = 65504;

    @TempDir
    Path directory;

    private static DenseSpace dense(String name, String engine, Quantization codes, Metric metric) {
        return new DenseSpace(name, "m", USER, 2, metric, engine, HnswParameters.DEFAULT, codes, 0.5, true);
    }

    /** Of dimension 8, from which on rows have codes. */
    private static DenseSpace halves() {
        return new DenseSpace(
                "a", "m", USER, 8, Metric.L2, "hnsw", HnswParameters.DEFAULT, Quantization.INT8_FLOAT16, 0.5, true);
    }

    private static SparseSpace sparse(String name, int entriesMax) {
        return new SparseSpace(name, "s", USER, entriesMax, 10, false);
    }

    // ---- names ----

    @Test
    void aReleaseHasANameOfUpTo64() {
        for (String name : List.of("r", "9", "a".repeat(64), "A.b-c_d")) {
            assertThat(Layout.isName(name)).isTrue();
            assertThatCode(() -> Layout.checkRelease(name)).doesNotThrowAnyException();
        }
        for (String name : List.of("", ".r", "-r", "a/b", "a".repeat(65))) {
            assertThat(Layout.isName(name)).isFalse();
            assertThatExceptionOfType(Invalid.class).isThrownBy(() -> Layout.checkRelease(name));
        }
        assertThatThrownBy(() -> Layout.checkRelease("a".repeat(65)))
                .hasMessageEndingWith("'" + "a".repeat(61) + "...'");
        assertThatThrownBy(() -> Layout.checkRelease("/" + "a".repeat(63)))
                .hasMessageEndingWith("'/" + "a".repeat(63) + "'");
    }

    @Test
    @DisplayName("S13: every place in a store's directory is where the page says")
    void everyPlaceIsWhereThePageSays() {
        Layout layout = new Layout(Path.of("/s"));
        assertThat(List.of(
                                layout.live(),
                                layout.releases(),
                                layout.staging(),
                                layout.indexes(),
                                layout.incoming(),
                                layout.release("r"),
                                layout.staging("r"),
                                layout.manifest("r"),
                                layout.taken(7),
                                layout.signals(),
                                Layout.file(layout.release("r"), "a"))
                        .stream()
                        .map(Path::toString)
                        .toList())
                .containsExactly(
                        "/s/LIVE",
                        "/s/releases",
                        "/s/staging",
                        "/s/indexes",
                        "/s/incoming",
                        "/s/releases/r",
                        "/s/staging/r",
                        "/s/releases/r/release.manifest",
                        "/s/incoming/taken-7",
                        "/s/signals",
                        "/s/releases/r/a.emb");
        assertThat(Layout.fileName("a", 3)).isEqualTo("a.3.emb");
        assertThat(Layout.fileNumber(Path.of("/s/a.3.emb"), "a")).isEqualTo(OptionalInt.of(3));
        assertThat(Layout.fileNumber(Path.of("/s/a.emb"), "a")).isEmpty();
        assertThat(Layout.fileNumber(Path.of("/s/b.3.emb"), "a")).isEmpty();
        assertThat(layout.log("r", "a")).isNotNull();
    }

    // ---- manifests ----

    private static byte[] sealed(Map<String, String> entries) {
        return SealedText.write(new TreeMap<>(entries));
    }

    private static Map<String, String> entries() {
        Map<String, String> entries = new TreeMap<>();
        entries.put("name", "r1");
        entries.put("sequence", "12");
        entries.put("published-at", "2026-11-29T10:00:00Z");
        entries.put("version.a", "aa");
        entries.put("version.b", "bb");
        return entries;
    }

    @Test
    @DisplayName("S13: a manifest says of each space which file it is, and of the release where it stands")
    void aManifestSaysWhichFilesAndWhereItStands() {
        Map<String, String> entries = entries();
        entries.put("check.recall@10 of a", "0.5");
        entries.put("check.unreachable of b", "3.0");
        entries.put("base.b.number", "4");
        entries.put("base.b.checksum", "cc");
        entries.put("base.b.sequence", "99");
        entries.put("base.b.producer.p", "7");
        entries.put("base.b.producer.q", "8");
        Manifest manifest = Manifest.parse(sealed(entries));
        assertThat(manifest.name()).isEqualTo("r1");
        assertThat(manifest.sequence()).isEqualTo(12);
        assertThat(manifest.publishedAt()).isEqualTo(Instant.parse("2026-11-29T10:00:00Z"));
        assertThat(manifest.versions()).isEqualTo(Map.of("a", "aa", "b", "bb"));
        assertThat(List.of(manifest.fileOf("a"), manifest.fileOf("b"))).containsExactly("a.emb", "b.4.emb");
        assertThat(List.of(manifest.checksumOf("a"), manifest.checksumOf("b"), manifest.checksumOf("c")))
                .containsExactly("aa", "cc", "");
        assertThat(requireNonNull(manifest.bases().get("b")).sequence()).isEqualTo(99);
        assertThat(requireNonNull(manifest.bases().get("b")).highest()).isEqualTo(Map.of("p", 7L, "q", 8L));
        assertThat(manifest.checks()).hasSize(2);
        assertThat(manifest.checks().get(0).recall()).hasValue(0.5);
        assertThat(manifest.checks().get(0).unreachable()).isEmpty();
        assertThat(manifest.checks().get(1).recall()).isEmpty();
        assertThat(manifest.checks().get(1).unreachable()).hasValue(3);
        assertThat(manifest.rejected()).isFalse();
        assertThat(manifest.toRelease("r1").state()).isEqualTo(Release.State.LIVE);
        assertThat(manifest.toRelease("r2").state()).isEqualTo(Release.State.KEPT);
        assertThat(Manifest.parse(manifest.toBytes())).isEqualTo(manifest);
        Manifest other = manifest.with(
                "a", new Manifest.Base(1, "dd", 5, Map.of(), Optional.empty()), java.util.Optional.empty());
        assertThat(other.fileOf("a")).isEqualTo("a.1.emb");
        assertThat(other.fileOf("b")).isEqualTo("b.4.emb");
        assertThat(manifest.fileOf("a")).isEqualTo("a.emb");

        entries.put("rejection", "too little");
        Manifest rejected = Manifest.parse(sealed(entries));
        assertThat(rejected.toRelease("r1").state()).isEqualTo(Release.State.REJECTED);
        assertThat(rejected.toRelease("r1").rejection()).isEqualTo(Optional.of("too little"));
        assertThat(Manifest.parse(rejected.toBytes())).isEqualTo(rejected);
    }

    @Test
    void aManifestNamesTheLineThatIsMissing() {
        for (String key : List.of("name", "sequence", "published-at")) {
            Map<String, String> entries = entries();
            entries.remove(key);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Manifest.parse(sealed(entries)))
                    .withMessage("the line '%s' is missing".formatted(key));
        }
        Map<String, String> half = entries();
        half.put("base.a.number", "1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Manifest.parse(sealed(half)))
                .withMessage("the line 'base.a.checksum' is missing");
        Map<String, String> undated = entries();
        undated.put("published-at", "yesterday");
        assertThatIllegalArgumentException().isThrownBy(() -> Manifest.parse(sealed(undated)));
    }

    // ---- records ----

    private static List<ChangeRecord> records() {
        return List.of(
                new ChangeRecord("", new Change.Delete(ONE, OptionalLong.empty())),
                new ChangeRecord("p", new Change.Delete(EntityId.of(USER, "ü"), OptionalLong.of(0))),
                new ChangeRecord(
                        "producer-é",
                        new Change.Upsert(
                                ONE, new Embedding.Dense(new float[] {1.5f, -2, 0}), OptionalLong.of(Long.MAX_VALUE))),
                new ChangeRecord(
                        "q",
                        new Change.Upsert(
                                ONE,
                                new Embedding.Sparse(new SparseVector(new int[] {1, 7}, new float[] {2, 0.5f})),
                                OptionalLong.of(9))),
                new ChangeRecord("t", new Change.Upsert(ONE, new Embedding.Text("Ünï 🎷"), OptionalLong.of(11))),
                new ChangeRecord(
                        "q",
                        new Change.Upsert(
                                ONE,
                                new Embedding.Sparse(new SparseVector(new int[0], new float[0])),
                                OptionalLong.of(10))),
                new ChangeRecord(
                        "q",
                        new Change.Upsert(
                                ONE,
                                new Embedding.Sparse(new SparseVector(new int[] {1, 7, 9}, new float[] {2, 0.5f, 3})),
                                OptionalLong.of(11)),
                        List.of(EntityId.parse("tag:ü"), EntityId.parse("tag:y"))),
                new ChangeRecord(
                        "q",
                        new Change.Added(
                                ONE,
                                new Addition(-7, true, new SparseVector(new int[] {1, 9}, new float[] {2, 3}), 12, 11),
                                OptionalLong.of(12)),
                        List.of(EntityId.parse("tag:ü"))),
                new ChangeRecord(
                        "",
                        new Change.Added(
                                ONE, new Addition(8, false, SparseVector.EMPTY, 12, 12), OptionalLong.empty())),
                new ChangeRecord(
                        "",
                        new Change.Restated(
                                ONE,
                                new ItemSums(11, 12, new long[] {-7, 8}, new int[] {1, 9}, new double[] {0.1, 1e17})),
                        List.of(EntityId.parse("tag:ü"))));
    }

    @Test
    @DisplayName("S13: a record takes the bytes that it says and is read as it was written")
    void aRecordIsReadAsItWasWritten() {
        for (ChangeRecord each : records()) {
            ByteBuffer out = ByteBuffer.allocate(256);
            ChangeRecord.FORMAT.write(each, out);
            assertThat(ChangeRecord.FORMAT.byteSize(each)).isEqualTo(out.position());
            ChangeRecord read = ChangeRecord.FORMAT.read(out.flip());
            assertThat(read.producer()).isEqualTo(each.producer());
            assertThat(read.names()).isEqualTo(each.names());
            assertThat(read.change().id()).isEqualTo(each.change().id());
            assertThat(read.change().number()).isEqualTo(each.change().number());
            assertThat(out.hasRemaining()).isFalse();
            if (each.change() instanceof Change.Upsert upsert) {
                Embedding got = ((Change.Upsert) read.change()).embedding();
                switch (upsert.embedding()) {
                    case Embedding.Dense given ->
                        assertThat(((Embedding.Dense) got).values()).isEqualTo(given.values());
                    case Embedding.Sparse given ->
                        assertThat(((Embedding.Sparse) got).vector()).isEqualTo(given.vector());
                    case Embedding.Text given -> assertThat(got).isEqualTo(given);
                }
            } else {
                assertThat(read.change()).usingRecursiveComparison().isEqualTo(each.change());
            }
        }
    }

    @Test
    @DisplayName("S13: a record cut anywhere is told and never read as another")
    void aRecordCutAnywhereIsTold() {
        for (ChangeRecord each : records()) {
            ByteBuffer out = ByteBuffer.allocate(256);
            ChangeRecord.FORMAT.write(each, out);
            for (int end = 0; end < out.position(); end++) {
                ByteBuffer cut = ByteBuffer.wrap(out.array(), 0, end);
                assertThatIllegalArgumentException()
                        .as("%s of %s bytes", end, out.position())
                        .isThrownBy(() -> ChangeRecord.FORMAT.read(cut));
            }
            byte[] other = out.array().clone();
            other[0] = 9;
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ChangeRecord.FORMAT.read(ByteBuffer.wrap(other)))
                    .withMessage("a record is of kind 1 to 7: 9");
        }
        ByteBuffer counts = ByteBuffer.allocate(64);
        ChangeRecord.FORMAT.write(records().get(2), counts);
        counts.putInt(counts.position() - 16, -1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChangeRecord.FORMAT.read(counts.flip()))
                .withMessage("a record ends too early: -1 values");
    }

    // ---- changes ----

    private static Change upsert(float... values) {
        return new Change.Upsert(ONE, new Embedding.Dense(values), OptionalLong.empty());
    }

    private static Change upsert(int[] columns, float... weights) {
        return new Change.Upsert(ONE, new Embedding.Sparse(new SparseVector(columns, weights)), OptionalLong.empty());
    }

    private static EmbeddingFileWriter sparseWriter(String space, String model, int columns) {
        List<EntityId> ids = new ArrayList<>();
        for (int c = 0; c < columns; c++) {
            ids.add(EntityId.of(new EntityKind("cluster"), c));
        }
        return EmbeddingFileWriter.sparse(space, model, USER, ids, Map.of());
    }

    private static SparseVector row(int... columns) {
        float[] weights = new float[columns.length];
        java.util.Arrays.fill(weights, 1);
        return new SparseVector(columns, weights);
    }

    private static EmbeddingFileWriter with(EmbeddingFileWriter writer, EntityId id, float... values) {
        writer.add(id, values);
        return writer;
    }

    private static EmbeddingFileWriter with(EmbeddingFileWriter writer, EntityId id, SparseVector row) {
        writer.add(id, row);
        return writer;
    }

    private EmbeddingFile file(EmbeddingFileWriter writer) throws IOException {
        return EmbeddingFile.open(writer.writeTo(Files.createTempDirectory(directory, "f")));
    }

    private static String refusal(Space space, EmbeddingFile base, Change change) {
        return ChangeChecks.check(space, base, NewColumns.of(base), change)
                .map(refused -> refused.code() + ": " + refused.message())
                .orElse("taken");
    }

    @Test
    @DisplayName("S13: a change is refused for each rule of its space, at its bound and no earlier")
    void aChangeIsRefusedForEachRule() throws IOException {
        EmbeddingFile base = file(with(sparseWriter("s", "s", 5), ONE, row(1)));
        DenseSpace half = halves();
        DenseSpace plain = dense("a", "exact", Quantization.NONE, Metric.L2);
        DenseSpace cosine = dense("a", "exact", Quantization.NONE, Metric.COSINE);
        SparseSpace sparse = sparse("s", 3);
        assertThat(refusal(plain, base, upsert(1, 2))).isEqualTo("taken");
        assertThat(refusal(plain, base, upsert(1)))
                .isEqualTo("dimension-differs: dimension differs: space=a expects 2, got 1");
        assertThat(refusal(plain, base, upsert(1, Float.NaN)))
                .isEqualTo("not-finite: values must be finite: NaN in column 1");
        assertThat(refusal(plain, base, upsert(Float.MAX_VALUE, Float.MAX_VALUE)))
                .isEqualTo("norm-not-finite: the norm must be finite: Infinity");
        assertThat(refusal(plain, base, upsert(0, 0))).isEqualTo("taken");
        assertThat(refusal(cosine, base, upsert(0, 0))).isEqualTo("zero-vector: zero vectors are refused: space=a");
        assertThat(refusal(plain, base, upsert(new int[] {1}, 1))).isEqualTo("form-differs: a takes dense rows");
        float max = half.valueMax();
        assertThat(max).isBetween(1f, LARGEST_HALF);
        assertThat(refusal(half, base, upsert(max, -max, 0, 0, 0, 0, 0, 0))).isEqualTo("taken");
        assertThat(refusal(half, base, upsert(-Math.nextUp(max), 0, 0, 0, 0, 0, 0, 0)))
                .startsWith("value-too-large: float16 holds");
        assertThat(ChangeChecks.firstBeyond(2, new float[] {2, -2, 1})).isEqualTo(-1);
        assertThat(ChangeChecks.firstBeyond(2, new float[] {2, -2.5f, 3})).isEqualTo(1);

        assertThat(refusal(sparse, base, upsert(new int[] {0, 3, 4}, 1, 1, 1))).isEqualTo("taken");
        assertThat(refusal(sparse, base, upsert(new int[] {0, 1, 2, 3}, 1, 1, 1, 1)))
                .isEqualTo("too-many-entries: a row has at most 3 entries: space=s, got 4");
        assertThat(refusal(sparse, base, upsert(new int[] {5}, 1)))
                .isEqualTo("unknown-column: columns of s are 0 to 4: 5");
        assertThat(refusal(sparse, base, upsert(new int[0]))).isEqualTo("taken");
        assertThat(refusal(sparse, base, upsert(1, 2))).isEqualTo("form-differs: s takes sparse rows");
        SparseSpace refusing = new SparseSpace("s", "s", USER, 3, 10, false, SpacePolicy.REFUSING);
        assertThat(refusal(refusing, base, upsert(new int[0]))).startsWith("zero-vector");

        Change elsewhere = new Change.Delete(EntityId.of(EntityKind.TWEET, 1), OptionalLong.empty());
        assertThat(refusal(plain, base, elsewhere)).isEqualTo("kind-mismatch: ids of a are of kind user: tweet:1");
        assertThat(refusal(plain, base, new Change.Delete(ONE, OptionalLong.of(0))))
                .isEqualTo("taken");
        assertThat(refusal(plain, base, new Change.Delete(ONE, OptionalLong.of(-1))))
                .isEqualTo("bad-sequence: a sequence number is not negative: -1");
    }

    // ---- files ----

    private static String rejection(Runnable checks) {
        try {
            checks.run();
            return "fits";
        } catch (Rejected e) {
            return e.code() + ": " + e.getMessage();
        }
    }

    private static EmbeddingFileWriter denseWriter(String space, String model, float... values) {
        return with(EmbeddingFileWriter.dense(space, model, USER, values.length), ONE, values);
    }

    @Test
    @DisplayName("S13: a file that is not its space's is refused for what differs")
    void aFileThatIsNotItsSpacesIsRefused() throws IOException {
        DenseSpace a = dense("a", "exact", Quantization.NONE, Metric.L2);
        DenseSpace cosine = dense("a", "exact", Quantization.NONE, Metric.COSINE);
        EmbeddingFile good = file(denseWriter("a", "m", 0, 0));
        assertThat(rejection(() -> ReleaseChecks.fits(a, good))).isEqualTo("fits");
        assertThat(rejection(() -> ReleaseChecks.fits(cosine, good)))
                .isEqualTo("zero-vector: zero vectors are refused: space=a (row 0, user:1)");
        EmbeddingFile otherSpace = file(denseWriter("b", "m", 1, 0));
        EmbeddingFile otherModel = file(denseWriter("a", "n", 1, 0));
        EmbeddingFile longer = file(denseWriter("a", "m", 1, 0, 2));
        EmbeddingFile otherKind = file(
                with(EmbeddingFileWriter.dense("a", "m", EntityKind.TWEET, 2), EntityId.of(EntityKind.TWEET, 1), 1, 2));
        EmbeddingFile otherForm = file(with(sparseWriter("a", "m", 2), ONE, row(1)));
        assertThat(rejection(() -> ReleaseChecks.fits(a, otherSpace)))
                .isEqualTo("space-differs: space differs: space=a expects a, got b");
        assertThat(rejection(() -> ReleaseChecks.fits(a, otherModel))).startsWith("model-differs");
        assertThat(rejection(() -> ReleaseChecks.fits(a, otherKind))).startsWith("kind-differs");
        assertThat(rejection(() -> ReleaseChecks.fits(a, longer)))
                .isEqualTo("dimension-differs: dimension differs: space=a expects 2, got 3");
        assertThat(rejection(() -> ReleaseChecks.fits(a, otherForm))).startsWith("form-differs");
        SparseSpace two = sparse("s", 2);
        EmbeddingFile entries =
                file(with(with(sparseWriter("s", "s", 9), ONE, row(1, 2)), EntityId.of(USER, 2), row(1, 2, 3)));
        assertThat(rejection(() -> ReleaseChecks.fits(sparse("s", 3), entries))).isEqualTo("fits");
        assertThat(rejection(() -> ReleaseChecks.fits(two, entries)))
                .isEqualTo("too-many-entries: a row has at most 2 entries: space=s has 3 (row 1, user:2)");
        EmbeddingFile denseAsSparse = file(denseWriter("s", "s", 1, 0));
        assertThat(rejection(() -> ReleaseChecks.fits(two, denseAsSparse))).startsWith("form-differs");
    }

    @Test
    @DisplayName("S13: a file that arrives holds neither zero rows nor values that its space refuses")
    void aFileThatArrivesHoldsNothingRefused() throws IOException {
        DenseSpace half = halves();
        float max = half.valueMax();
        EmbeddingFile largest = file(denseWriter("a", "m", max, -max, 0, 0, 0, 0, 0, 0));
        EmbeddingFile beyond = file(denseWriter("a", "m", -Math.nextUp(max), 0, 0, 0, 0, 0, 0, 0));
        assertThat(rejection(() -> ReleaseChecks.welcome(half, largest))).isEqualTo("fits");
        assertThat(rejection(() -> ReleaseChecks.welcome(half, beyond)))
                .startsWith("value-too-large: float16 holds values to " + max)
                .contains("in column 0 (row 0, user:1)");
        EmbeddingFile empty = file(with(with(sparseWriter("s", "s", 2), ONE, row(1)), EntityId.of(USER, 2), row()));
        assertThat(rejection(() -> ReleaseChecks.welcome(sparse("s", 2), empty)))
                .isEqualTo("fits");
        assertThat(rejection(() -> ReleaseChecks.welcome(
                        new SparseSpace("s", "s", USER, 2, 10, false, SpacePolicy.REFUSING), empty)))
                .isEqualTo("zero-vector: zero vectors are refused: space=s (row 1, user:2)");
        assertThat(ReleaseChecks.isZero(empty, 0)).isFalse();
        assertThat(ReleaseChecks.isZero(empty, 1)).isTrue();
        EmbeddingFile zeros = file(denseWriter("a", "m", 0, 0));
        assertThat(ReleaseChecks.isZero(zeros, 0)).isTrue();
        assertThat(ReleaseChecks.isZero(largest, 0)).isFalse();
    }

    @Test
    void aFileThatCannotBeReadIsRefused() {
        assertThatExceptionOfType(Rejected.class)
                .isThrownBy(() -> ReleaseChecks.openVerified(Disk.LOCAL, directory.resolve("absent.emb")))
                .satisfies(e -> assertThat(e.code()).isEqualTo("unreadable-embedding-file"));
    }

    @Test
    @DisplayName(
            "S13: the files of one release agree: required ones are there, a model has one dimension and one set of columns")
    void theFilesOfAReleaseAgree() throws IOException {
        DenseSpace a = dense("a", "exact", Quantization.NONE, Metric.L2);
        DenseSpace b = dense("b", "exact", Quantization.NONE, Metric.L2);
        SparseSpace s = sparse("s", 3);
        SparseSpace t = sparse("t", 3);
        SparseSpace scanned = new SparseSpace("t", "s", USER, 3, 0, false);
        EmbeddingFile two = file(denseWriter("a", "m", 1, 0));
        EmbeddingFile alsoTwo = file(denseWriter("b", "m", 3, 0));
        EmbeddingFile three = file(denseWriter("b", "m", 1, 0, 2));
        EmbeddingFile five = file(with(sparseWriter("s", "s", 5), ONE, row(1)));
        EmbeddingFile alsoFive = file(with(sparseWriter("t", "s", 5), ONE, row(2)));
        EmbeddingFile six = file(with(sparseWriter("t", "s", 6), ONE, row(2)));
        EmbeddingFile others = file(with(
                EmbeddingFileWriter.sparse(
                        "t",
                        "s",
                        USER,
                        List.of(
                                EntityId.of(new EntityKind("cluster"), 0),
                                EntityId.of(new EntityKind("cluster"), 1),
                                EntityId.of(new EntityKind("cluster"), 2),
                                EntityId.of(new EntityKind("cluster"), 3),
                                EntityId.of(new EntityKind("cluster"), 9)),
                        Map.of()),
                ONE,
                row(2)));
        List<Space> declared = List.of(a, b, s, t);
        assertThat(rejection(() -> ReleaseChecks.agree(declared, Map.of("a", two, "b", alsoTwo))))
                .isEqualTo("fits");
        assertThat(rejection(
                        () -> ReleaseChecks.agree(declared, Map.of("a", two, "b", alsoTwo, "s", five, "t", alsoFive))))
                .isEqualTo("fits");
        assertThat(rejection(() -> ReleaseChecks.agree(declared, Map.of("a", two))))
                .isEqualTo("required-space-missing: a release holds every required space: b is missing");
        assertThat(rejection(() -> ReleaseChecks.agree(declared, Map.of("a", two, "b", three))))
                .isEqualTo(
                        "dimension-differs: dense spaces of a model share their dimension: model=m, a has 2, b has 3");
        assertThat(rejection(() -> ReleaseChecks.agree(declared, Map.of("a", two, "b", alsoTwo, "s", five, "t", six))))
                .isEqualTo("columns-differ: sparse spaces of a model share their columns: model=s, s has 5, t has 6");
        assertThat(rejection(
                        () -> ReleaseChecks.agree(declared, Map.of("a", two, "b", alsoTwo, "s", five, "t", others))))
                .isEqualTo(
                        "columns-differ: sparse spaces of a model share their columns: model=s, s has 5, t has 5 others");
        assertThat(rejection(() -> ReleaseChecks.agree(List.of(s, scanned), Map.of("s", five, "t", six))))
                .as("one that is not indexed shares nothing")
                .isEqualTo("fits");
    }

    // ---- options ----

    @Test
    void optionsAreAtLeastOne() {
        assertThat(new StoreOptions(1, 1, 1, 1, 1, 0).graphRowsMin()).isZero();
        int[][] bad = {{0, 1, 1, 1, 1}, {1, 0, 1, 1, 1}, {1, 1, 0, 1, 1}, {1, 1, 1, 0, 1}, {1, 1, 1, 1, 0}};
        for (int[] each : bad) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new StoreOptions(each[0], each[1], each[2], each[3], each[4]))
                    .withMessage(
                            "releases-kept, staged-bytes-max, build-threads, sampled-rows and compaction-changes must be at least 1: %s, %s, %s, %s, %s",
                            each[0], each[1], each[2], each[3], each[4]);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StoreOptions(1, 1, 1, 1, 1, -1))
                .withMessage("graph-rows-min must not be negative: -1");
        int[] serving = {1, 1, 2, 2, 3};
        for (int threads = 1; threads <= serving.length; threads++) {
            assertThat(new StoreOptions(1, 1, threads, 1).buildThreadsServing()).isEqualTo(serving[threads - 1]);
        }
    }
}
