package repscorer.core.interleave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import repscorer.core.explore.Draws;
import repscorer.core.interleave.OptimisedInterleaving.Lottery;
import repscorer.testing.Seeds;

/** Optimised interleaving against all lists of all things there are. */
class OptimisedInterleavingTest {

    private static List<String> ranking(RandomGenerator random, int things, int length) {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < things; i++) {
            all.add(random.nextInt(all.size() + 1), "t" + i);
        }
        return all.subList(0, length);
    }

    /** All orders of so many things; of them those whose beginnings are beginnings of both rankings together. */
    private static Set<List<String>> allowed(List<String> a, List<String> b, int depth) {
        Set<String> union = new LinkedHashSet<>(a);
        union.addAll(b);
        Set<List<String>> allowed = new LinkedHashSet<>();
        order(new ArrayList<>(), new ArrayList<>(union), Math.min(depth, union.size()), a, b, allowed);
        return allowed;
    }

    private static void order(
            List<String> list, List<String> left, int length, List<String> a, List<String> b, Set<List<String>> into) {
        if (list.size() == length) {
            into.add(List.copyOf(list));
            return;
        }
        for (String next : List.copyOf(left)) {
            list.add(next);
            if (areBeginnings(list, a, b)) {
                List<String> others = new ArrayList<>(left);
                others.remove(next);
                order(list, others, length, a, b, into);
            }
            list.removeLast();
        }
    }

    private static boolean areBeginnings(List<String> list, List<String> a, List<String> b) {
        for (int i = 0; i <= a.size(); i++) {
            for (int j = 0; j <= b.size(); j++) {
                Set<String> together = new LinkedHashSet<>(a.subList(0, i));
                together.addAll(b.subList(0, j));
                if (together.size() == list.size() && together.containsAll(list)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static int credit(String thing, List<String> a, List<String> b, int depth) {
        int ofA = a.indexOf(thing) < 0 ? depth : Math.min(depth, a.indexOf(thing));
        int ofB = b.indexOf(thing) < 0 ? depth : Math.min(depth, b.indexOf(thing));
        return ofB - ofA;
    }

    @Test
    void listsAreThoseThatAreAllowedAndClicksAtRandomPreferNeither() {
        RandomGenerator random = Seeds.random("optimised interleaving");
        for (int round = 0; round < 60; round++) {
            int depth = 1 + random.nextInt(5);
            List<String> a = ranking(random, 7, 5);
            List<String> b = ranking(random, 7, 5);
            Lottery<String> lottery = OptimisedInterleaving.lottery(a, b, depth);
            assertThat(lottery.lists())
                    .as("%s and %s", a, b)
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(allowed(a, b, depth));
            double sum = 0;
            double[] credits = new double[depth];
            for (int l = 0; l < lottery.lists().size(); l++) {
                double probability = lottery.probabilities()[l];
                assertThat(probability).isNotNegative();
                sum += probability;
                for (int i = 0; i < depth; i++) {
                    credits[i] += probability * credit(lottery.lists().get(l).get(i), a, b, depth);
                }
            }
            assertThat(sum).isCloseTo(1, within(1e-9));
            for (double each : credits) {
                assertThat(each).as("credit of %s and %s", a, b).isCloseTo(0, within(1e-9));
            }
        }
    }

    @Test
    void everyPairOfRankingsHasALotteryWithinReason() {
        RandomGenerator random = Seeds.random("lotteries");
        for (int round = 0; round < 40; round++) {
            List<String> a = ranking(random, 10 + random.nextInt(12), 10);
            List<String> b = ranking(random, 10 + random.nextInt(12), 10);
            Lottery<String> lottery = OptimisedInterleaving.lottery(a, b, OptimisedInterleaving.DEPTH_MAX);
            assertThat(lottery.lists()).as("%s and %s", a, b).isNotEmpty();
        }
    }

    @Test
    void theListsThatTellMostAreTaken() {
        // Two things in two orders: a list that has both teams tells as much as the other; two rankings that share
        // nothing are drawn so
        // that neither team has all places.
        Lottery<String> apart = OptimisedInterleaving.lottery(List.of("a", "b"), List.of("c", "d"), 2);
        for (int l = 0; l < apart.lists().size(); l++) {
            List<String> list = apart.lists().get(l);
            boolean ofOne = list.equals(List.of("a", "b")) || list.equals(List.of("c", "d"));
            assertThat(apart.probabilities()[l]).as("%s", list).isCloseTo(ofOne ? 0 : .5, within(1e-9));
        }
    }

    @Test
    void propensitiesAreThoseOfTheLottery() {
        RandomGenerator random = Seeds.random("optimised propensities");
        for (int round = 0; round < 60; round++) {
            List<String> a = ranking(random, 9, 7);
            List<String> b = ranking(random, 9, 7);
            int k = 1 + random.nextInt(4);
            Lottery<String> lottery = OptimisedInterleaving.lottery(a, b, k);
            Map<List<String>, Double> beginnings = new HashMap<>();
            for (int l = 0; l < lottery.lists().size(); l++) {
                for (int length = 0; length <= k; length++) {
                    beginnings.merge(
                            lottery.lists().get(l).subList(0, length), lottery.probabilities()[l], Double::sum);
                }
            }
            List<Pick<String>> picks =
                    OptimisedInterleaving.of(a, b, k, Draws.of("interleave", "s" + random.nextInt()));
            List<String> list = picks.stream().map(Pick::thing).toList();
            assertThat(list).doesNotHaveDuplicates().hasSize(k);
            for (int i = 0; i < k; i++) {
                Pick<String> pick = picks.get(i);
                int credit = credit(pick.thing(), a, b, k);
                assertThat(pick.propensity())
                        .isCloseTo(
                                beginnings.getOrDefault(list.subList(0, i + 1), Double.NaN)
                                        / beginnings.getOrDefault(list.subList(0, i), Double.NaN),
                                within(1e-9));
                assertThat(pick.credit()).isEqualTo(Math.abs(credit));
                assertThat(pick.team()).isEqualTo(credit == 0 ? Pick.NEITHER : credit > 0 ? 0 : 1);
                assertThat((pick.from() == 0 ? a : b).get(pick.rank())).isEqualTo(pick.thing());
            }
        }
    }

    @Test
    void whatFollowsTheFirstPlacesIsCreditedToNobody() {
        RandomGenerator random = Seeds.random("long lists");
        List<String> a = ranking(random, 40, 30);
        List<String> b = ranking(random, 40, 30);
        List<Pick<String>> picks = OptimisedInterleaving.of(a, b, 25, Draws.of("interleave", "s"));
        assertThat(picks.stream().map(Pick::thing)).doesNotHaveDuplicates().hasSize(25);
        assertThat(picks.subList(OptimisedInterleaving.DEPTH_MAX, 25))
                .allMatch(pick -> pick.team() == Pick.NEITHER && pick.credit() == 0);
        assertThat(picks).allMatch(pick -> pick.propensity() > 0 && pick.propensity() <= 1);
    }

    @Test
    void theShorterRankingEndsWhatIsCredited() {
        List<Pick<String>> picks = OptimisedInterleaving.of(
                List.of("a", "b"), List.of("c", "a", "d", "e"), 10, Draws.of("interleave", "s"));
        assertThat(picks.stream().map(Pick::thing)).containsExactlyInAnyOrder("a", "b", "c", "d", "e");
        assertThat(picks.subList(2, 5)).allMatch(pick -> pick.team() == Pick.NEITHER && pick.credit() == 0);
        assertThat(OptimisedInterleaving.of(List.of(), List.of("a"), 10, Draws.of("interleave", "s")))
                .containsExactly(new Pick<>("a", 1, 0, Pick.NEITHER, 0, 1));
    }

    @Test
    void equalRankingsStayAsTheyAre() {
        List<String> both = List.of("a", "b", "c");
        assertThat(OptimisedInterleaving.of(both, both, 3, Draws.of("interleave", "s")))
                .containsExactly(
                        new Pick<>("a", 0, 0, Pick.NEITHER, 0, 1),
                        new Pick<>("b", 0, 1, Pick.NEITHER, 0, 1),
                        new Pick<>("c", 0, 2, Pick.NEITHER, 0, 1));
        assertThat(OptimisedInterleaving.of(List.<String>of(), List.of(), 3, Draws.of("interleave", "s")))
                .isEmpty();
    }
}
