package repscorer.core.interleave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import repscorer.core.explore.Draws;
import repscorer.testing.Seeds;

/** Team draft against all throws of all coins. */
class TeamDraftTest {

    private static List<Pick<String>> draft(List<String> a, List<String> b, int k, String seed) {
        return TeamDraft.of(a, b, k, Draws.of("interleave", seed));
    }

    private static List<String> things(List<Pick<String>> picks) {
        return picks.stream().map(Pick::thing).toList();
    }

    /** What the captains take where the coins fall like this: a bit says who picks first in a round. */
    private static List<String> drafted(List<String> a, List<String> b, int k, int coins) {
        List<String> list = new ArrayList<>();
        List<List<String>> rankings = List.of(a, b);
        for (int round = 0; list.size() < k && round < 2 * k; round++) {
            int first = coins >> round & 1;
            for (int team : List.of(first, 1 - first)) {
                for (String each : rankings.get(team)) {
                    if (!list.contains(each)) {
                        if (list.size() < k) {
                            list.add(each);
                        }
                        break;
                    }
                }
            }
        }
        return list;
    }

    /** The probability of each beginning of a list, each throw of the coins being as probable. */
    private static Map<List<String>, Double> beginnings(List<String> a, List<String> b, int k) {
        int throwsOfAll = 1 << k;
        Map<List<String>, Double> beginnings = new HashMap<>();
        for (int coins = 0; coins < throwsOfAll; coins++) {
            List<String> list = drafted(a, b, k, coins);
            for (int length = 0; length <= list.size(); length++) {
                beginnings.merge(list.subList(0, length), 1.0 / throwsOfAll, Double::sum);
            }
        }
        return beginnings;
    }

    private static List<String> ranking(RandomGenerator random, int things) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < things; i++) {
            all.add(random.nextInt(all.size() + 1), "t" + i);
        }
        return all.subList(0, random.nextInt(things + 1));
    }

    @Test
    void propensitiesAreThoseOfAllThrowsOfTheCoins() {
        RandomGenerator random = Seeds.random("team draft");
        for (int round = 0; round < 300; round++) {
            List<String> a = ranking(random, 6);
            List<String> b = ranking(random, 6);
            int k = 1 + random.nextInt(8);
            Map<List<String>, Double> beginnings = beginnings(a, b, k);
            List<Pick<String>> picks = draft(a, b, k, "s" + random.nextInt());
            List<String> list = things(picks);
            assertThat(list).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(k);
            Set<String> union = new HashSet<>(a);
            union.addAll(b);
            assertThat(list).hasSize(Math.min(k, union.size()));
            for (int i = 0; i < picks.size(); i++) {
                Pick<String> pick = picks.get(i);
                assertThat(pick.propensity())
                        .as("rank %s of %s out of %s and %s", i, list, a, b)
                        .isCloseTo(
                                beginnings.getOrDefault(list.subList(0, i + 1), Double.NaN)
                                        / beginnings.getOrDefault(list.subList(0, i), Double.NaN),
                                within(1e-12));
                assertThat((pick.from() == 0 ? a : b).get(pick.rank())).isEqualTo(pick.thing());
                assertThat(pick.team()).isEqualTo(pick.from());
                assertThat(pick.credit()).isEqualTo(1);
            }
        }
    }

    @Test
    void equalRankingsCreditBothTeamsAlike() {
        List<String> both = List.of("a", "b", "c", "d");
        int[][] counts = new int[4][2];
        int draws = 20_000;
        for (int i = 0; i < draws; i++) {
            List<Pick<String>> picks = draft(both, both, 4, "equal-" + i);
            assertThat(things(picks)).isEqualTo(both);
            assertThat(picks).allMatch(pick -> pick.propensity() == 1);
            assertThat(picks.stream().filter(pick -> pick.team() == 0)).hasSize(2);
            for (int rank = 0; rank < 4; rank++) {
                counts[rank][picks.get(rank).team()]++;
            }
        }
        for (int[] count : counts) {
            double chiSquare = Math.pow(count[0] - count[1], 2) / draws;
            assertThat(chiSquare).isLessThan(19.5); // one degree, one set of seeds in 100,000
        }
    }

    @Test
    void aLongerListBeginsWithTheShorterOne() {
        List<String> a = List.of("a", "b", "c", "d", "e");
        List<String> b = List.of("e", "f", "a", "g", "h");
        for (int i = 0; i < 50; i++) {
            List<String> all = things(draft(a, b, 8, "s" + i));
            for (int k = 1; k < 8; k++) {
                assertThat(things(draft(a, b, k, "s" + i))).isEqualTo(all.subList(0, k));
            }
        }
    }

    @Test
    void whereOneHasNoMoreTheOtherGoesOn() {
        assertThat(things(draft(List.of(), List.of("a", "b", "c"), 2, "s"))).containsExactly("a", "b");
        assertThat(draft(List.of("a"), List.of(), 5, "s")).containsExactly(new Pick<>("a", 0, 0, 0, 1, 1));
        assertThat(draft(List.of(), List.of(), 5, "s")).isEmpty();
    }
}
