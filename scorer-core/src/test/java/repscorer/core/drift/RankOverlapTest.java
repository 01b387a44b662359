package repscorer.core.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import repscorer.testing.Seeds;

class RankOverlapTest {

    private static List<String> list(String letters) {
        return letters.equals("-") ? List.of() : Arrays.asList(letters.split(""));
    }

    /*
     * Worked by hand from equation 32 with p = 0.9, X_d the size of the fronts' intersection:
     *   abc, bac: X = 0 2 3; 1/9 · (0 + 0.81 + 0.729) + 0.729 = 0.171 + 0.729 = 0.9
     *   ab, cab:  X = 0 1 2, s = 2, l = 3; 1/9 · (0.405 + 0.486 + 0.1215) + ((2 − 1)/3 + 1/2) · 0.729 = 0.1125 + 0.6075 = 0.72
     *   a, ab:    a front of the other list agrees all the way
     *   abcd, efab: X = 0 0 1 2; 1/9 · (0.729/3 + 0.6561/2) + 0.6561/2 = 0.06345 + 0.32805 = 0.3915
     */
    @ParameterizedTest
    @CsvSource({
        "abc, abc, 1",
        "abc, bac, 0.9",
        "bac, abc, 0.9",
        "ab, cab, 0.72",
        "cab, ab, 0.72",
        "a, ab, 1",
        "abc, def, 0",
        "-, abc, 0",
        "abcd, efab, 0.3915"
    })
    void biasedOverlapIsWhatIsWorkedByHand(String a, String b, double expected) {
        assertThat(RankOverlap.biased(list(a), list(b), 10)).isCloseTo(expected, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource({
        "abcd, abcd, 4, 1",
        "abcd, dcba, 4, 1",
        "abcd, dcba, 2, 0",
        "abcd, abef, 4, 0.5",
        "ab, abcd, 10, 0.5",
        "ab, ab, 10, 1",
        "-, ab, 10, 0"
    })
    void overlapIsTheSharedShareOfTheFronts(String a, String b, int k, double expected) {
        assertThat(RankOverlap.overlap(list(a), list(b), k)).isEqualTo(expected);
    }

    @Test
    void emptyListsSayNothing() {
        assertThat(RankOverlap.overlap(List.of(), List.of(), 3)).isNaN();
        assertThat(RankOverlap.biased(List.of(), List.of(), 3)).isNaN();
    }

    @Test
    @DisplayName("random lists of one length have the overlap that the definition gives, front by front")
    void randomListsKeepTheDefinition() {
        RandomGenerator random = Seeds.random("rank overlap");
        for (int run = 0; run < 300; run++) {
            int n = 1 + random.nextInt(30);
            List<Integer> pool = new ArrayList<>();
            for (int i = 0; i < n + random.nextInt(n + 1); i++) {
                pool.add(i);
            }
            Random order = new Random(random.nextLong());
            Collections.shuffle(pool, order);
            List<Integer> a = new ArrayList<>(pool.subList(0, n));
            Collections.shuffle(pool, order);
            List<Integer> b = new ArrayList<>(pool.subList(0, n));
            int k = 1 + random.nextInt(n);
            double sum = 0;
            double agreement = 0;
            for (int d = 1; d <= k; d++) {
                List<Integer> both = new ArrayList<>(a.subList(0, d));
                both.retainAll(b.subList(0, d));
                agreement = (double) both.size() / d;
                sum += agreement * Math.pow(0.9, d - 1);
            }
            assertThat(RankOverlap.overlap(a, b, k)).isCloseTo(agreement, within(1e-12));
            assertThat(RankOverlap.biased(a, b, k)).isCloseTo(0.1 * sum + agreement * Math.pow(0.9, k), within(1e-9));
        }
    }
}
