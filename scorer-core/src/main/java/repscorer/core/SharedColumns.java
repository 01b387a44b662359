package repscorer.core;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.IdTable;

/**
 * Whether the columns of two sparse files stand for the same things. The store holds indexed spaces to it; a space that is
 * only looked up is compared here, once per pair of versions. Safe for concurrent use.
 */
final class SharedColumns {

    private static final int PAIRS_MAX = 1_000;

    private final Map<String, Boolean> pairs = new ConcurrentHashMap<>();

    boolean same(EmbeddingFile a, EmbeddingFile b) {
        if (a.checksum().equals(b.checksum())) {
            return true;
        }
        if (pairs.size() > PAIRS_MAX) {
            pairs.clear();
        }
        return pairs.computeIfAbsent(a.checksum() + b.checksum(), pair -> compare(a, b));
    }

    private static boolean compare(EmbeddingFile a, EmbeddingFile b) {
        IdTable columnsOfA = a.columns().orElseThrow();
        IdTable columnsOfB = b.columns().orElseThrow();
        return columnsOfA.segment().mismatch(columnsOfB.segment()) == -1;
    }
}
