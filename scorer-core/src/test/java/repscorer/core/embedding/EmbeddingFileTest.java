package repscorer.core.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.embedding.EmbeddingFile.Form;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Rejected;
import repscorer.vector.SparseVector;

class EmbeddingFileTest {

    @TempDir
    Path directory;

    @Test
    void denseRowsComeBackSortedByIdWhateverTheOrder() throws IOException {
        Random random = new Random(3);
        TreeMap<EntityId, float[]> rows = new TreeMap<>();
        for (int i = 0; i < 500; i++) {
            float[] values = new float[7];
            for (int d = 0; d < values.length; d++) {
                values[d] = (float) random.nextGaussian();
            }
            rows.put(EntityId.of(EntityKind.USER, random.nextInt(100_000)), values);
        }
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense("twhin-user", "twhin", EntityKind.USER, 7);
        List<EntityId> shuffled = new ArrayList<>(rows.keySet());
        Collections.shuffle(shuffled, random);
        shuffled.forEach(id -> writer.add(id, rows.getOrDefault(id, new float[0])));
        assertThat(writer.count()).isEqualTo(rows.size());
        Path path = writer.property("seed", "3").property("plan", "p").writeTo(directory);

        EmbeddingFile file = EmbeddingFile.open(path);
        file.verify();
        assertThat(path).hasFileName("twhin-user.emb");
        assertThat(file.path()).isEqualTo(path);
        assertThat(file.space()).isEqualTo("twhin-user");
        assertThat(file.model()).isEqualTo("twhin");
        assertThat(file.kind()).isEqualTo(EntityKind.USER);
        assertThat(file.form()).isEqualTo(Form.DENSE);
        assertThat(file.dimension()).isEqualTo(7);
        assertThat(file.count()).isEqualTo(rows.size());
        assertThat(file.properties()).containsExactly(Map.entry("plan", "p"), Map.entry("seed", "3"));
        assertThat(file.checksum()).matches("[0-9a-f]{16}");
        assertThat(file.columns()).isEmpty();
        int ordinal = 0;
        for (Map.Entry<EntityId, float[]> row : rows.entrySet()) {
            assertThat(file.ids().id(ordinal)).isEqualTo(row.getKey());
            assertThat(file.ids().ordinal(row.getKey())).hasValue(ordinal);
            assertThat(file.denseRows().row(ordinal)).isEqualTo(row.getValue());
            ordinal++;
        }
        assertThatIllegalStateException().isThrownBy(file::sparseRows);
    }

    @Test
    void sparseRowsColumnsAndLabelsComeBack() throws IOException {
        List<EntityId> columns =
                List.of(EntityId.parse("cluster:9"), EntityId.parse("user:4"), EntityId.parse("cluster:1"));
        EmbeddingFileWriter writer = EmbeddingFileWriter.sparse(
                "clusters-user", "simclusters", EntityKind.USER, columns, Map.of(0, "jazz", 2, "chess ♞"));
        writer.add(EntityId.parse("user:10"), new SparseVector(new int[] {0, 2}, new float[] {0.5f, 2}));
        writer.add(EntityId.parse("user:9"), SparseVector.EMPTY);
        writer.add(EntityId.parse("user:x"), new SparseVector(new int[] {1}, new float[] {3}));
        EmbeddingFile file = EmbeddingFile.open(writer.writeTo(directory));
        file.verify();
        assertThat(file.form()).isEqualTo(Form.SPARSE);
        assertThat(file.dimension()).isEqualTo(3);
        assertThat(file.ids().id(0)).isEqualTo(EntityId.parse("user:9"));
        assertThat(file.sparseRows().row(0)).isEqualTo(SparseVector.EMPTY);
        assertThat(file.sparseRows().row(1)).isEqualTo(new SparseVector(new int[] {0, 2}, new float[] {0.5f, 2}));
        assertThat(file.sparseRows().row(2)).isEqualTo(new SparseVector(new int[] {1}, new float[] {3}));
        assertThat(file.columns().orElseThrow().id(1)).isEqualTo(EntityId.parse("user:4"));
        assertThat(file.columnLabel(0)).hasValue("jazz");
        assertThat(file.columnLabel(1)).isEmpty();
        assertThat(file.columnLabel(2)).hasValue("chess ♞");
        assertThat(file.columnLabel(3)).isEmpty();
        assertThatIllegalStateException().isThrownBy(file::denseRows);
    }

    @Test
    void emptyFilesAreFiles() throws IOException {
        EmbeddingFile dense = EmbeddingFile.open(
                EmbeddingFileWriter.dense("a", "m", EntityKind.USER, 3).writeTo(directory));
        dense.verify();
        assertThat(dense.count()).isZero();
        EmbeddingFile sparse =
                EmbeddingFile.open(EmbeddingFileWriter.sparse("b", "m", EntityKind.USER, List.of(), Map.of())
                        .writeTo(directory));
        sparse.verify();
        assertThat(sparse.dimension()).isZero();
    }

    @Test
    void sameRowsSameBytes() throws IOException {
        Path one = Files.createDirectory(directory.resolve("one"));
        Path two = Files.createDirectory(directory.resolve("two"));
        EmbeddingFileWriter forth = EmbeddingFileWriter.dense("a", "m", EntityKind.USER, 1);
        EmbeddingFileWriter back = EmbeddingFileWriter.dense("a", "m", EntityKind.USER, 1);
        for (int i = 0; i < 100; i++) {
            forth.add(EntityId.of(EntityKind.USER, i), new float[] {i});
            back.add(EntityId.of(EntityKind.USER, 99 - i), new float[] {99 - i});
        }
        forth.property("x", "1").property("y", "2");
        back.property("y", "2").property("x", "1");
        Path first = forth.writeTo(one);
        Path second = back.writeTo(two);
        assertThat(second).hasSameBinaryContentAs(first);
        String checksum = EmbeddingFile.open(first).checksum();
        assertThat(EmbeddingFile.open(second).checksum()).isEqualTo(checksum);
        assertThat(EmbeddingFile.open(back.property("y", "3").writeTo(two)).checksum())
                .isNotEqualTo(checksum);
        assertThat(two.toFile().list()).containsExactly("a.emb");
    }

    @Test
    void rowsFromElsewhereGiveTheBytesOfRowsThatWereAdded() throws IOException {
        EmbeddingFileWriter added = EmbeddingFileWriter.dense("a", "m", EntityKind.USER, 2);
        List<EntityId> ids = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            ids.add(EntityId.of(EntityKind.USER, i));
            added.add(ids.getLast(), new float[] {i, 1});
        }
        Path one = added.writeTo(Files.createDirectory(directory.resolve("added")));
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        EmbeddingFileWriter read = EmbeddingFileWriter.dense("a", "m", EntityKind.USER, 2);
        Collections.sort(ids);
        assertThat(read.from(new Rows(ids, 1)).writeTo(elsewhere)).hasSameBinaryContentAs(one);
        assertThat(read.count()).isEqualTo(30);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> read.from(new Rows(ids, Float.NaN)).writeTo(elsewhere))
                .withMessage("values must be finite: NaN in column 1 (row 1, user:0)");
        Collections.swap(ids, 3, 4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read.from(new Rows(ids, 1)).writeTo(elsewhere))
                .withMessageContaining("ids must ascend: ");
        assertThat(elsewhere.toFile().list()).containsExactly("a.emb");
    }

    /** Rows (user's number, {@code second}). */
    private record Rows(List<EntityId> ids, float second) implements EmbeddingRows {
        @Override
        public int count() {
            return ids.size();
        }

        @Override
        public EntityId id(int row) {
            return ids.get(row);
        }

        @Override
        public void copyDense(int row, float[] into) {
            into[0] = Float.parseFloat(ids.get(row).value());
            into[1] = second;
        }

        @Override
        public SparseVector sparse(int row) {
            throw new IllegalStateException();
        }
    }

    @Test
    void anOlderFileStaysWhereWritingFails() {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense("a", "m", EntityKind.USER, 1);
        assertThatThrownBy(() -> writer.writeTo(directory.resolve("absent"))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void writerNamesTheRowAndTheRule() {
        EmbeddingFileWriter dense = EmbeddingFileWriter.dense("twhin-user", "twhin", EntityKind.USER, 2);
        EntityId id = EntityId.parse("user:1");
        dense.add(id, new float[] {1, 2});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> dense.add(id, new float[] {1, 2}))
                .withMessage("ids must differ: user:1 is there twice (row 2, space twhin-user)");
        EntityId other = EntityId.parse("user:2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> dense.add(other, new float[] {1}))
                .withMessage("dimension differs: space=twhin-user expects 2, got 1 (row 2, user:2)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> dense.add(other, new float[] {1, Float.NaN}))
                .withMessage("values must be finite: NaN in column 1 (row 2, user:2)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> dense.add(other, new float[] {Float.MAX_VALUE, Float.MAX_VALUE}))
                .withMessageContaining("the norm must be finite");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> dense.add(EntityId.parse("tweet:2"), new float[] {1, 2}))
                .withMessage("ids must be of kind user: tweet:2 (row 2, space twhin-user)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> dense.add(other, SparseVector.EMPTY))
                .withMessageContaining("takes dense rows");
        EmbeddingFileWriter sparse =
                EmbeddingFileWriter.sparse("c", "m", EntityKind.USER, List.of(EntityId.parse("cluster:0")), Map.of());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sparse.add(id, new SparseVector(new int[] {1}, new float[] {1})))
                .withMessage("columns are 0 to 0: 1 (row 1, user:1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EmbeddingFileWriter.sparse("c", "m", EntityKind.USER, List.of(id, id), Map.of()))
                .withMessage("columns must differ: user:1 is there twice (space c)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EmbeddingFileWriter.sparse("c", "m", EntityKind.USER, List.of(id), Map.of(1, "x")));
        assertThatIllegalArgumentException().isThrownBy(() -> dense.property(" ", "x"));
        assertThatIllegalArgumentException().isThrownBy(() -> dense.property("k", "x".repeat(5_000)));
    }

    @Test
    void refusesWhatIsNoEmbeddingFile() throws IOException {
        Path text = Files.writeString(directory.resolve("x.emb"), "hello, this is a text file of some length");
        assertThatThrownBy(() -> EmbeddingFile.open(text))
                .isInstanceOf(Rejected.class)
                .hasMessage("an embedding file begins with REPSCEMB: x.emb does not");
        Path empty = Files.createFile(directory.resolve("y.emb"));
        assertThatThrownBy(() -> EmbeddingFile.open(empty)).isInstanceOf(Rejected.class);
        assertThatThrownBy(() -> EmbeddingFile.open(directory.resolve("z.emb")))
                .isInstanceOfSatisfying(
                        Rejected.class, e -> assertThat(e.code()).isEqualTo("unreadable-embedding-file"));
    }

    @Test
    void namesAnotherFormatVersion() throws IOException {
        Path path = EmbeddingFileWriter.dense("a", "m", EntityKind.USER, 1).writeTo(directory);
        byte[] bytes = Files.readAllBytes(path);
        bytes[8] = 2;
        Files.write(path, bytes);
        assertThatThrownBy(() -> EmbeddingFile.open(path))
                .isInstanceOf(Rejected.class)
                .hasMessage("this release reads format version 1: a.emb has 2");
    }
}
