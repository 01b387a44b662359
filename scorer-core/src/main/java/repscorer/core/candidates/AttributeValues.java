package repscorer.core.candidates;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import repscorer.core.entity.EntityKind;
import repscorer.core.plan.AttributePlan;
import repscorer.core.request.Entities;
import repscorer.core.request.EntitySet;
import repscorer.core.request.RequestTrace;
import repscorer.core.rule.Facts;
import repscorer.core.store.SpaceVersion;
import repscorer.vector.SparseVector;

/** The values of one attribute, as entities by number, read once a candidate. For one request and one thread. */
final class AttributeValues {

    private static final int UNREAD = -2;

    private final EntitySet candidates;
    private final List<Lookup> lookups = new ArrayList<>();
    private final int[] values;

    /** One space that may tell the value; opened when the ones before it did not. */
    private static final class Lookup {

        private final Supplier<Reader> opening;
        private @Nullable Reader reader;

        Lookup(Supplier<Reader> opening) {
            this.opening = opening;
        }

        int value(EntityKind kind, int number) {
            Reader open = reader == null ? opening.get() : reader;
            reader = open;
            return open.value(kind, number);
        }
    }

    /** Tells the value for an entity, or {@link Facts#NO_VALUE}. */
    private interface Reader {

        Reader EMPTY = (kind, number) -> Facts.NO_VALUE;

        int value(EntityKind kind, int number);
    }

    AttributeValues(AttributePlan.Attribute attribute, EntitySet candidates, RequestTrace trace) {
        this.candidates = candidates;
        this.values = new int[candidates.size()];
        Arrays.fill(values, UNREAD);
        attribute.spaces().forEach(space -> lookups.add(new Lookup(() -> rows(space, trace))));
        attribute.inverseOf().forEach(space -> lookups.add(new Lookup(() -> inverse(space, trace))));
    }

    private static Reader rows(String space, RequestTrace trace) {
        SpaceVersion version = trace.spaceForRules(space).orElse(null);
        if (version == null) {
            return Reader.EMPTY;
        }
        Entities.Rows rows = trace.entities().rows(version);
        Entities.Columns columns = trace.entities().columns(version);
        return (kind, number) -> {
            int ordinal = kind.equals(version.space().kind()) ? rows.ordinal(number) : -1;
            int column = ordinal < 0 ? -1 : heaviest(version, ordinal);
            return column < 0 ? Facts.NO_VALUE : columns.number(column);
        };
    }

    private static Reader inverse(String space, RequestTrace trace) {
        SpaceVersion version = trace.spaceForRules(space).orElse(null);
        if (version == null) {
            return Reader.EMPTY;
        }
        InverseSpace inverse = new InverseSpace(version, trace.entities());
        return (kind, number) -> inverse.row(trace.entities().id(number));
    }

    /** The column of the greatest weight, of equals the first; -1 for an empty row. */
    private static int heaviest(SpaceVersion version, int ordinal) {
        SparseVector row = version.sparse(ordinal);
        int best = -1;
        for (int i = 0; i < row.size(); i++) {
            best = best < 0 || row.weights()[i] > row.weights()[best] ? i : best;
        }
        return best < 0 ? -1 : row.columns()[best];
    }

    /** The value of a candidate, from the first space that tells one; {@link Facts#NO_VALUE} where none does. */
    int value(int candidate) {
        if (values[candidate] == UNREAD) {
            values[candidate] = read(candidate);
        }
        return values[candidate];
    }

    private int read(int candidate) {
        EntityKind kind = candidates.kind(candidate);
        int number = candidates.number(candidate);
        for (Lookup lookup : lookups) {
            int value = lookup.value(kind, number);
            if (value != Facts.NO_VALUE) {
                return value;
            }
        }
        return Facts.NO_VALUE;
    }
}
