package repscorer.core.align;

import java.util.Arrays;
import java.util.OptionalInt;
import repscorer.ann.DenseIndex;
import repscorer.ann.SearchOptions;
import repscorer.ann.exact.ExactIndex;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.Metric;

/** The dense rows of one space in one version, as an alignment reads them. Safe for concurrent use. */
public sealed interface AlignedRows {

    /** Of a version that has a dense index. */
    static AlignedRows of(SpaceVersion version) {
        return new OfVersion(version, version.dense().orElseThrow());
    }

    /** Of a dense file, compared by a metric. */
    static AlignedRows of(EmbeddingFile file, Metric metric) {
        return new OfFile(file, new ExactIndex(file.denseRows(), metric));
    }

    EmbeddingFile file();

    DenseIndex index();

    /** One more than the greatest ordinal there may be. */
    int end();

    boolean live(int ordinal);

    EntityId id(int ordinal);

    OptionalInt ordinal(EntityId id);

    void copy(int ordinal, float[] into);

    default String space() {
        return file().space();
    }

    default int dimension() {
        return file().dimension();
    }

    /** The nearest rows to a query among all, best first, without one of them. O(rows · dimension). */
    default int[] nearest(float[] query, int k, int without) {
        int[] found = index().search(query, SearchOptions.of(k + 1).exactly()).ordinals();
        return Arrays.stream(found)
                .filter(ordinal -> ordinal != without)
                .limit(k)
                .toArray();
    }

    /** Of a release, with the changes that were streamed in. */
    record OfVersion(SpaceVersion version, DenseIndex index) implements AlignedRows {

        @Override
        public EmbeddingFile file() {
            return version.file();
        }

        @Override
        public int end() {
            return version.ordinalsEnd();
        }

        @Override
        public boolean live(int ordinal) {
            return version.live(ordinal);
        }

        @Override
        public EntityId id(int ordinal) {
            return version.id(ordinal);
        }

        @Override
        public OptionalInt ordinal(EntityId id) {
            return version.ordinal(id);
        }

        @Override
        public void copy(int ordinal, float[] into) {
            version.copyDense(ordinal, into);
        }
    }

    /** Of a file. */
    record OfFile(EmbeddingFile file, DenseIndex index) implements AlignedRows {

        @Override
        public int end() {
            return file.count();
        }

        @Override
        public boolean live(int ordinal) {
            return true;
        }

        @Override
        public EntityId id(int ordinal) {
            return file.ids().id(ordinal);
        }

        @Override
        public OptionalInt ordinal(EntityId id) {
            return file.ids().ordinal(id);
        }

        @Override
        public void copy(int ordinal, float[] into) {
            file.denseRows().copyRow(ordinal, into);
        }
    }
}
