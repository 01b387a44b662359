package repscorer.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import repscorer.ann.exact.DenseBounds;
import repscorer.core.entity.IdTable;
import repscorer.core.retrieve.Universe;
import repscorer.core.store.SpaceVersion;

/**
 * What a search through all entities needs of a release besides its indexes: rows as byte codes, and which rows are of one
 * entity. Of the bases only, without what was streamed in since. Made when first asked for and kept by the files' checksums. Safe for concurrent use.
 */
final class BoundsCache {

    /** A release has some ten spaces; with more than this, former ones are forgotten. */
    private static final int KEPT_MAX = 64;

    private final Map<String, DenseBounds> bounds = new ConcurrentHashMap<>();
    private final Map<String, Universe> universes = new ConcurrentHashMap<>();

    DenseBounds bounds(SpaceVersion version) {
        return bounded(bounds)
                .computeIfAbsent(
                        version.file().checksum(),
                        checksum -> DenseBounds.of(version.file().denseRows()));
    }

    /** @param versions one per column, empty for a column without rows of the kind */
    Universe universe(List<Optional<SpaceVersion>> versions) {
        StringBuilder key = new StringBuilder();
        List<@Nullable IdTable> tables = new ArrayList<>();
        for (Optional<SpaceVersion> version : versions) {
            key.append(version.map(v -> v.file().checksum()).orElse("-")).append('/');
            tables.add(version.map(v -> v.file().ids()).orElse(null));
        }
        return bounded(universes).computeIfAbsent(key.toString(), each -> Universe.of(tables));
    }

    private static <T> Map<String, T> bounded(Map<String, T> map) {
        if (map.size() > KEPT_MAX) {
            map.clear();
        }
        return map;
    }
}
