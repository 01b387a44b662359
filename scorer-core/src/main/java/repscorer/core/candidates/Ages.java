package repscorer.core.candidates;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import repscorer.core.entity.EntityKind;
import repscorer.core.entity.Snowflake;
import repscorer.core.plan.AttributePlan;
import repscorer.core.request.Entities;
import repscorer.core.request.RequestTrace;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.SparseRows;
import repscorer.vector.SparseVector;

/** When entities were made: by spaces of the release first, then by their ids. For one request and one thread. */
final class Ages {

    /** The time of what tells none. */
    static final long UNKNOWN = Long.MIN_VALUE;

    private static final long HOUR_MILLIS = 3_600_000;

    private final AttributePlan plan;
    private final RequestTrace trace;

    Ages(AttributePlan plan, RequestTrace trace) {
        this.plan = plan;
        this.trace = trace;
    }

    /** In milliseconds since 1970; empty where nothing tells. */
    OptionalLong createdMillis(int number) {
        EntityKind kind = trace.entities().kind(number);
        for (String name : plan.createdSpaces()) {
            Optional<SpaceVersion> version =
                    trace.spaceForRules(name).filter(v -> v.space().kind().equals(kind));
            if (version.isPresent()) {
                int ordinal = trace.entities().rows(version.get()).ordinal(number);
                double hours = ordinal < 0 ? Double.NaN : hours(version.get(), ordinal);
                if (!Double.isNaN(hours)) {
                    return OptionalLong.of(Math.round(hours * HOUR_MILLIS));
                }
            }
        }
        return plan.snowflakes().contains(kind)
                ? Snowflake.millis(trace.entities().id(number))
                : OptionalLong.empty();
    }

    Entities.Rows rows(SpaceVersion version) {
        return trace.entities().rows(version);
    }

    /** The only weight of a row; NaN for an empty one. */
    private static double hours(SpaceVersion version, int ordinal) {
        if (ordinal < version.file().count() && !version.ages()) {
            SparseRows rows = version.file().sparseRows();
            return rows.size(ordinal) == 0 ? Double.NaN : rows.weight(ordinal, 0);
        }
        SparseVector row = version.sparse(ordinal);
        return row.isEmpty() ? Double.NaN : row.weights()[0];
    }

    /** What the times of a base's rows were read from. */
    private record Origin(List<String> versions, boolean snowflakes) {}

    /** Whose times. */
    private record OfBase(String space, List<String> createdSpaces) {}

    /**
     * The times of a base's rows by ordinal, {@link #UNKNOWN} where nothing tells; not to be changed. O(rows), once for the
     * same state of the spaces that tell them.
     */
    long[] ofBase(SpaceVersion version) {
        List<String> versions = plan.createdSpaces().stream()
                .map(name -> trace.spaceForRules(name)
                        .map(each -> each.version() + each.baseState())
                        .orElse(""))
                .toList();
        Origin origin =
                new Origin(versions, plan.snowflakes().contains(version.space().kind()));
        Entities.Rows rows = rows(version);
        return trace.facts().get(new OfBase(version.space().name(), plan.createdSpaces()), origin, () -> {
            long[] times = new long[version.file().count()];
            Arrays.setAll(times, row -> createdMillis(rows.number(row)).orElse(UNKNOWN));
            return times;
        });
    }
}
