package repscorer.core.candidates;

import java.util.BitSet;
import java.util.OptionalLong;
import repscorer.core.request.Entities;
import repscorer.core.rule.Rule;
import repscorer.core.store.SpaceVersion;

/** A rule that removes by age, as what searches leave out. For one request and one thread. */
final class AgeWindow {

    private final Rule.RemoveByAge rule;
    private final Ages ages;
    private final long nowMillis;

    AgeWindow(Rule.RemoveByAge rule, Ages ages, long nowMillis) {
        this.rule = rule;
        this.ages = ages;
        this.nowMillis = nowMillis;
    }

    String rule() {
        return rule.name();
    }

    /** What has no known age is not outside. */
    boolean isOutside(int number) {
        OptionalLong created = ages.createdMillis(number);
        return created.isPresent() && rule.isOutside(created.getAsLong(), nowMillis);
    }

    /** Adds the rows of a space that lie outside. O(rows). */
    void addOutside(SpaceVersion version, BitSet ordinals) {
        long[] times = ages.ofBase(version);
        for (int row = 0; row < times.length; row++) {
            if (times[row] != Ages.UNKNOWN && rule.isOutside(times[row], nowMillis)) {
                ordinals.set(row);
            }
        }
        Entities.Rows rows = ages.rows(version);
        version.eachStreamed(row -> {
            if (isOutside(rows.number(row))) {
                ordinals.set(row);
            }
        });
    }
}
