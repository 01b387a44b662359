package repscorer.core.store;

import java.util.Optional;
import repscorer.ann.DenseIndex;
import repscorer.ann.SparseIndex;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.embedding.Space;

/**
 * One space inside one release: its rows and the index over them. Immutable.
 *
 * @param dense present for a dense space
 * @param sparse present for a sparse space that is indexed
 */
public record SpaceVersion(Space space, EmbeddingFile file, Optional<DenseIndex> dense, Optional<SparseIndex> sparse) {

    /** The version's name: the checksum of its file. */
    public String version() {
        return file.checksum();
    }

    public int count() {
        return file.count();
    }
}
