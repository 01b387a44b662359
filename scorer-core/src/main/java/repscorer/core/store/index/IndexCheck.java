package repscorer.core.store.index;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What was measured of one space's index before its release went live.
 *
 * @param recall share of the {@link #NEIGHBORS} true nearest that it finds; empty where a scan finds all
 * @param unreachable rows that no search of its graph can come to; empty for engines that do not tell
 */
public record IndexCheck(String space, OptionalDouble recall, OptionalInt unreachable) {

    /** So many nearest rows the recall is of. */
    public static final int NEIGHBORS = RecallGate.K;
}
