package repscorer.core.explain;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;
import repscorer.core.store.SpaceVersion;

/**
 * The anchors nearest to each row of a base that was asked for before: they are no request's, and finding them compares a row with
 * every anchor. 12 bytes a row, in pieces as rows are asked for. Safe for concurrent use.
 */
final class KnownAnchors {

    /*
     * A place holds an anchor's ordinal and 1 more, so that what was never written is told from what there is; the first place of a
     * row is written last, and read first. Threads that race write the same.
     */

    private static final VarHandle PLACE = MethodHandles.arrayElementVarHandle(int[].class);
    private static final int PIECE_ROWS = 1 << 10;
    private static final int NONE = -1;

    private final AtomicReferenceArray<int[]> pieces;

    private KnownAnchors(int rows) {
        pieces = new AtomicReferenceArray<>(Math.ceilDiv(rows, PIECE_ROWS));
    }

    private record OfAnchors(String space) {}

    /** Of a base's rows, kept with it until the anchors change. */
    static KnownAnchors of(SpaceVersion rows, SpaceVersion anchors) {
        return rows.file()
                .facts()
                .get(
                        new OfAnchors(anchors.space().name()),
                        anchors.version() + anchors.baseState(),
                        () -> new KnownAnchors(rows.file().count()));
    }

    /** Reads the ordinals of a row's anchors, nearest first, and answers how many there are; below 0 where they are not known. */
    int read(int row, int[] into) {
        int[] piece = pieces.get(row / PIECE_ROWS);
        if (piece == null) {
            return -1;
        }
        int at = row % PIECE_ROWS * Explainer.ANCHORS_MAX;
        int first = (int) PLACE.getAcquire(piece, at);
        if (first == 0) {
            return -1;
        }
        int n = 0;
        for (int place = first; place != NONE; place = piece[at + n]) {
            into[n++] = place - 1;
            if (n == Explainer.ANCHORS_MAX) {
                break;
            }
        }
        return n;
    }

    /** Keeps a row's anchors, nearest first. */
    void keep(int row, FewBest nearest) {
        int number = row / PIECE_ROWS;
        int[] piece = pieces.get(number);
        if (piece == null) {
            int[] made = new int[PIECE_ROWS * Explainer.ANCHORS_MAX];
            piece = pieces.compareAndSet(number, null, made) ? made : pieces.get(number);
        }
        int at = row % PIECE_ROWS * Explainer.ANCHORS_MAX;
        for (int rank = Explainer.ANCHORS_MAX - 1; rank >= 0; rank--) {
            int place = rank < nearest.size() ? nearest.item(rank) + 1 : NONE;
            PLACE.setRelease(piece, at + rank, place);
        }
    }
}
