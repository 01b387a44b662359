package repscorer.ann;

import java.util.Arrays;

/**
 * What a search answers: ordinals and their scores, best first, ties by ascending ordinal.
 *
 * @param ordinals owned by the receiver
 * @param scores as many as ordinals
 */
@SuppressWarnings("ArrayRecordComponent") // the arrays are the answer; nobody compares answers by equals
public record Neighbors(int[] ordinals, float[] scores, SearchStats stats) {

    public Neighbors {
        if (ordinals.length != scores.length) {
            throw new IllegalArgumentException(
                    "ordinals and scores differ in length: %s and %s".formatted(ordinals.length, scores.length));
        }
    }

    public int size() {
        return ordinals.length;
    }

    @Override
    public String toString() {
        return "Neighbors(ordinals=%s, scores=%s, stats=%s)"
                .formatted(Arrays.toString(ordinals), Arrays.toString(scores), stats);
    }
}
