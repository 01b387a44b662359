package repscorer.core.candidates;

import java.util.Arrays;
import repscorer.core.plan.AttributePlan;
import repscorer.core.request.EntitySet;
import repscorer.core.request.RequestTrace;
import repscorer.core.rule.Facts;

/** The values of one attribute, as entities by number, read once a candidate. For one request and one thread. */
final class AttributeValues {

    private static final int UNREAD = -2;

    private final EntitySet candidates;
    private final AttributeReader reader;
    private final int[] values;

    AttributeValues(AttributePlan.Attribute attribute, EntitySet candidates, RequestTrace trace) {
        this.candidates = candidates;
        this.reader = new AttributeReader(attribute, trace);
        this.values = new int[candidates.size()];
        Arrays.fill(values, UNREAD);
    }

    /** The value of a candidate, from the first space that tells one; {@link Facts#NO_VALUE} where none does. */
    int value(int candidate) {
        if (values[candidate] == UNREAD) {
            values[candidate] = reader.value(candidates.number(candidate));
        }
        return values[candidate];
    }
}
