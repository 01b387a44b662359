package repscorer.training.twhin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import repscorer.testing.Seeds;

class CandidateChainsTest {

    @Test
    void everyPlaceOfAnEntityIsFilledAndNoOther() {
        RandomGenerator random = Seeds.random("CandidateChainsTest");
        int[] candidate = new int[200];
        CandidateChains chains = new CandidateChains(candidate);
        for (int count : new int[] {0, 1, 200, 7, 64}) { // more and fewer than before
            for (int j = 0; j < count; j++) {
                candidate[j] = random.nextInt(30);
            }
            chains.link(count);
            for (int entity = 0; entity < 40; entity++) {
                float[] scores = new float[3 + candidate.length];
                chains.fill(entity, scores, 3, 1);
                for (int j = 0; j < candidate.length; j++) {
                    assertThat(scores[3 + j])
                            .as("entity %s at place %s of %s", entity, j, count)
                            .isEqualTo(j < count && candidate[j] == entity ? 1f : 0f);
                }
            }
        }
    }
}
