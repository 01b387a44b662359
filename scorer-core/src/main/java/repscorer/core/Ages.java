package repscorer.core;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.Snowflake;
import repscorer.core.plan.AttributePlan;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.SparseVector;

/** When entities were made: by spaces of the release first, then by their ids. For one request and one thread. */
final class Ages {

    /** The time of what tells none. */
    static final long UNKNOWN = Long.MIN_VALUE;

    private static final long HOUR_MILLIS = 3_600_000;

    private final AttributePlan plan;
    private final Trail trail;
    private final Cache cache;

    /** The times of whole spaces, kept between requests by the files they were read from. Safe for concurrent use. */
    static final class Cache {

        private static final int KEPT_MAX = 16;

        private final Map<String, long[]> times = new ConcurrentHashMap<>();
    }

    Ages(AttributePlan plan, Trail trail, Cache cache) {
        this.plan = plan;
        this.trail = trail;
        this.cache = cache;
    }

    /** In milliseconds since 1970; empty where nothing tells. */
    OptionalLong createdMillis(EntityId id) {
        for (String name : plan.createdSpaces()) {
            Optional<SpaceVersion> version =
                    trail.spaceForRules(name).filter(v -> v.space().kind().equals(id.kind()));
            if (version.isPresent()) {
                OptionalInt ordinal = version.get().ordinal(id);
                SparseVector row = ordinal.isPresent() ? version.get().sparse(ordinal.getAsInt()) : SparseVector.EMPTY;
                if (!row.isEmpty()) {
                    return OptionalLong.of(Math.round(row.weights()[0] * (double) HOUR_MILLIS));
                }
            }
        }
        return plan.snowflakes().contains(id.kind()) ? Snowflake.millis(id) : OptionalLong.empty();
    }

    /** The times of a base's rows by ordinal, {@link #UNKNOWN} where nothing tells. O(rows) once per file; not to be changed. */
    long[] ofBase(SpaceVersion version) {
        StringBuilder key = new StringBuilder(version.file().checksum());
        List<String> spaces = plan.createdSpaces();
        spaces.forEach(name -> key.append('/')
                .append(trail.space(name).map(SpaceVersion::version).orElse("-")));
        key.append(plan.snowflakes().contains(version.space().kind()));
        if (cache.times.size() > Cache.KEPT_MAX) {
            cache.times.clear();
        }
        return cache.times.computeIfAbsent(key.toString(), each -> {
            long[] times = new long[version.file().count()];
            for (int row = 0; row < times.length; row++) {
                times[row] = createdMillis(version.file().ids().id(row)).orElse(UNKNOWN);
            }
            return times;
        });
    }
}
