package repscorer.core.store.index;

import java.util.Optional;
import repscorer.ann.DenseIndex;
import repscorer.ann.hnsw.LinkedRows;

/**
 * What the index of a new base is carried on from.
 *
 * @param links of the old base's rows, maybe with changes
 * @param ordinals by row of the new base: the same row's among them, or -1 where it has none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Predecessor(LinkedRows links, int[] ordinals) {

    /** A graph is built whole unless at least this part of its rows lie in the one before. */
    private static final double CARRIED_SHARE_MIN = 0.5;

    /** Empty where the index has no links, or too few of the rows have some. */
    public static Optional<Predecessor> of(DenseIndex index, int[] ordinals) {
        int linked = 0;
        for (int ordinal : ordinals) {
            linked += ordinal >= 0 ? 1 : 0;
        }
        return index instanceof LinkedRows links && linked >= CARRIED_SHARE_MIN * ordinals.length
                ? Optional.of(new Predecessor(links, ordinals))
                : Optional.empty();
    }
}
