package repscorer.training.twhin;

import java.util.Arrays;

/** The candidates of a batch hashed by entity, so that a query finds its own target among them. */
final class CandidateChains {

    private final int[] candidate;
    private final int[] next;
    private int[] first = new int[0];

    /** @param candidate the batch's array of entities, which is read and not copied */
    CandidateChains(int[] candidate) {
        this.candidate = candidate;
        next = new int[candidate.length];
    }

    /** Takes what the array holds in its first {@code count} places. */
    void link(int count) {
        int size = Integer.highestOneBit(Math.max(1, count)) * 4;
        if (first.length != size) {
            first = new int[size];
        }
        Arrays.fill(first, -1);
        for (int j = 0; j < count; j++) {
            int slot = slot(candidate[j]);
            next[j] = first[slot];
            first[slot] = j;
        }
    }

    /** Sets {@code scores[row + j]} for every place {@code j} that holds the entity. */
    void fill(int entity, float[] scores, int row, float value) {
        for (int j = first[slot(entity)]; j >= 0; j = next[j]) {
            if (candidate[j] == entity) {
                scores[row + j] = value;
            }
        }
    }

    private int slot(int entity) {
        return (entity * 0x9E3779B9) >>> 7 & (first.length - 1);
    }
}
