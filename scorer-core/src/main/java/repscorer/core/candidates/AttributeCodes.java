package repscorer.core.candidates;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import repscorer.core.entity.EntityId;
import repscorer.core.plan.AttributePlan;
import repscorer.core.request.Entities;
import repscorer.core.request.RequestTrace;
import repscorer.core.rule.Facts;
import repscorer.core.store.SpaceVersion;

/**
 * One attribute of all rows of a space's base: a number for each distinct value. Kept with the release for the state of the
 * bases that it was read from; immutable.
 */
final class AttributeCodes {

    private static final int NONE = -1;

    /** The code of a row whose value a streamed change may have touched: it is read anew by each request. */
    static final int UNSURE = -2;

    private final int[] codes;
    private final Map<EntityId, Integer> byValue;

    /** Whose values. */
    private record OfSpace(String space, AttributePlan.Attribute attribute) {}

    private AttributeCodes(int[] codes, Map<EntityId, Integer> byValue) {
        this.codes = codes;
        this.byValue = byValue;
    }

    /** The values of a version's base. O(rows) once for the same bases of the space and of those that the attribute is read from. */
    static AttributeCodes of(
            SpaceVersion version, AttributePlan.Attribute attribute, AttributeReader reader, RequestTrace trace) {
        List<String> bases = new ArrayList<>();
        bases.add(version.baseState());
        Stream.concat(attribute.spaces().stream(), attribute.inverseOf().stream())
                .map(space -> trace.space(space).map(SpaceVersion::baseState).orElse(""))
                .forEach(bases::add);
        return trace.facts()
                .get(
                        new OfSpace(version.space().name(), attribute),
                        bases,
                        () -> read(version, reader, trace.entities()));
    }

    private static AttributeCodes read(SpaceVersion version, AttributeReader reader, Entities entities) {
        Entities.Rows rows = entities.rows(version);
        BitSet unsure = new BitSet();
        reader.changed(unsure::set);
        int[] codes = new int[version.file().count()];
        Map<EntityId, Integer> byValue = new HashMap<>();
        for (int row = 0; row < codes.length; row++) {
            int number = rows.number(row);
            int value = unsure.get(number) ? Facts.NO_VALUE : reader.value(number);
            codes[row] = unsure.get(number)
                    ? UNSURE
                    : value == Facts.NO_VALUE
                            ? NONE
                            : byValue.computeIfAbsent(entities.id(value), id -> byValue.size());
        }
        return new AttributeCodes(codes, byValue);
    }

    /** By row of the base, not to be changed: a code, a negative number where there is no value, or {@link #UNSURE}. */
    int[] byRow() {
        return codes;
    }

    /** The codes of those values that some row has. */
    BitSet of(List<EntityId> values) {
        BitSet wanted = new BitSet();
        for (EntityId value : values) {
            int code = byValue.getOrDefault(value, NONE);
            if (code != NONE) {
                wanted.set(code);
            }
        }
        return wanted;
    }
}
