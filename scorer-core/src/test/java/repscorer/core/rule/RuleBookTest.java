package repscorer.core.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.rule.Rule.Condition;
import repscorer.core.rule.Rule.Mode;
import repscorer.testing.RankingOracles;

/** Rules over eight tweets, by authors a, a, a, b, b, c, c and nobody, an hour apart, best first. */
class RuleBookTest {

    private static final long NOW = 1_700_000_000_000L;
    private static final List<String> AUTHORS = List.of("a", "a", "a", "b", "b", "c", "c", "");
    private static final double[] SCORES = {4, 3, 2, 1, 0, -1, -2, -3};

    /** Plain facts; candidate i is tweet i, created i hours ago, unknown for the last. */
    private static class Fixed implements Facts {

        @Override
        public int compare(int a, int b) {
            return Integer.compare(a, b);
        }

        @Override
        public boolean is(int candidate, EntityId id) {
            return id.equals(EntityId.of(EntityKind.TWEET, candidate));
        }

        @Override
        public int value(String attribute, int candidate) {
            return attribute.equals("author") && !AUTHORS.get(candidate).isEmpty()
                    ? AUTHORS.get(candidate).charAt(0)
                    : NO_VALUE;
        }

        @Override
        public boolean meets(Condition condition, int candidate) {
            return condition.attribute().equals("author") && condition.values().contains(AUTHORS.get(candidate));
        }

        @Override
        public OptionalLong createdMillis(int candidate) {
            return candidate == 7 ? OptionalLong.empty() : OptionalLong.of(NOW - candidate * 3_600_000L);
        }

        @Override
        public boolean named(Rule.Remove rule, int candidate) {
            String entity = rule.attribute().isEmpty() ? "tweet:" + candidate : AUTHORS.get(candidate);
            return Map.of("seen", Set.of("tweet:1", "tweet:5"), "by-blocked", Set.of("b"))
                    .getOrDefault(rule.name(), Set.of())
                    .contains(entity);
        }

        /** Tweet i is worth i + 1; the last is worth nothing that anybody told. */
        @Override
        public double weight(String space, int candidate) {
            return space.equals("worth") && candidate < 7 ? candidate + 1 : Double.NaN;
        }

        @Override
        public double similarity(String column, int a, int b) {
            return AUTHORS.get(a).equals(AUTHORS.get(b)) ? 0.9 : 0.1;
        }
    }

    private static Ruling apply(int k, Rule... rules) {
        return new RuleBook(List.of(rules)).apply(IntStream.range(0, 8).toArray(), SCORES, new Fixed(), k, NOW);
    }

    private static Condition author(String... names) {
        return new Condition("author", Set.of(names));
    }

    @Test
    void removesWhatHistoriesAndSignalsName() {
        Rule.Remove seen = new Rule.Remove("seen", Mode.ON, List.of(), List.of("seen"), Optional.empty());
        Rule.Remove blocked =
                new Rule.Remove("by-blocked", Mode.ON, List.of(), List.of("block"), Optional.of("author"));
        Ruling ruling = apply(8, seen, blocked);
        assertThat(ruling.order()).containsExactly(0, 2, 6, 7);
        assertThat(ruling.effects())
                .containsExactly(
                        new Effect(seen, 1, Effect.Change.REMOVED, 2, 0),
                        new Effect(seen, 5, Effect.Change.REMOVED, 6, 0),
                        new Effect(blocked, 3, Effect.Change.REMOVED, 3, 0),
                        new Effect(blocked, 4, Effect.Change.REMOVED, 4, 0));
        assertThat(ruling.scores()).containsExactly(SCORES);
    }

    @Test
    void removesByAttributeAndAge() {
        assertThat(apply(8, new Rule.RemoveWhere("no-a", Mode.ON, author("a"), false))
                        .order())
                .containsExactly(3, 4, 5, 6, 7);
        assertThat(apply(8, new Rule.RemoveWhere("only-b-c", Mode.ON, author("b", "c"), true))
                        .order())
                .as("what has no author has none of them")
                .containsExactly(3, 4, 5, 6);
        assertThat(apply(8, new Rule.RemoveByAge("fresh", Mode.ON, Duration.ofHours(1), Duration.ofHours(3)))
                        .order())
                .as("an unknown age stays")
                .containsExactly(1, 2, 3, 7);
    }

    @Test
    void aWorthMultipliesAndWhatHasNoneIsLeftOutUnlessItIsSaidWhatItIsWorth() {
        Rule.Worth bid = new Rule.Worth("bid", Mode.ON, "worth", Optional.empty());
        double[] probabilities = {.5, .4, .3, .2, .1, .05, .01, .9};
        Ruling ruling = new RuleBook(List.of(bid))
                .apply(new int[] {7, 0, 1, 2, 3, 4, 5, 6}, probabilities, new Fixed(), 8, NOW);
        assertThat(ruling.order()).as("by p·(i + 1)").containsExactly(2, 1, 3, 0, 4, 5, 6);
        assertThat(ruling.scores()[3]).isEqualTo(.2 * 4);
        assertThat(ruling.effects())
                .hasSize(8)
                .startsWith(new Effect(bid, 7, Effect.Change.REMOVED, 1, 0))
                .contains(new Effect(bid, 3, Effect.Change.SCORED, .2, .2 * 4, OptionalDouble.of(4)))
                .contains(new Effect(bid, 0, Effect.Change.SCORED, .5, .5, OptionalDouble.of(1)));
        assertThat(probabilities[3]).as("the blend's own scores stay").isEqualTo(.2);

        Ruling told = new RuleBook(List.of(new Rule.Worth("bid", Mode.ON, "worth", Optional.of(.5))))
                .apply(new int[] {7, 0, 1, 2, 3, 4, 5, 6}, probabilities, new Fixed(), 8, NOW);
        assertThat(told.order()).startsWith(2, 1, 3, 0, 4, 7).hasSize(8);
        assertThat(told.scores()[7]).isEqualTo(.45);

        Ruling dry = new RuleBook(List.of(bid.in(Mode.DRY_RUN)))
                .apply(new int[] {7, 0, 1, 2, 3, 4, 5, 6}, probabilities, new Fixed(), 8, NOW);
        assertThat(dry.order()).containsExactly(7, 0, 1, 2, 3, 4, 5, 6);
        assertThat(dry.effects()).hasSize(8).noneMatch(Effect::applied);
    }

    @Test
    void aFloorGoesByTheScoresThatRulesBeforeItLeft() {
        Rule.Floor floor = new Rule.Floor("reserve", Mode.ON, 1);
        assertThat(apply(8, floor).order()).as("1 is not below 1").containsExactly(0, 1, 2, 3);
        Ruling raised = apply(8, new Rule.Boost("up", Mode.ON, author("b"), 1, 1), floor);
        assertThat(raised.order()).containsExactly(0, 1, 2, 3, 4);
        assertThat(raised.effects()).endsWith(new Effect(floor, 7, Effect.Change.REMOVED, 8, 0));
        assertThat(apply(8, floor, new Rule.Cap("two", Mode.ON, "author", 2)).order())
                .containsExactly(0, 1, 3);
    }

    @Test
    void boostsRaiseWhateverTheSign() {
        Ruling ruling = apply(8, new Rule.Boost("up", Mode.ON, author("c"), 2, 0));
        assertThat(ruling.scores()[5]).isEqualTo(-0.5);
        assertThat(ruling.scores()[6]).isEqualTo(-1);
        Ruling down = apply(8, new Rule.Boost("down", Mode.ON, author("a"), 0.5, -1));
        assertThat(down.scores()[0]).isEqualTo(1);
        assertThat(down.order()).as("ties by id").containsExactly(0, 3, 1, 2, 4, 5, 6, 7);
    }

    @Test
    void decayTakesOffByAge() {
        Ruling ruling = apply(8, new Rule.Decay("fresh", Mode.ON, Duration.ofHours(2), 10));
        assertThat(ruling.scores()[0]).isEqualTo(4);
        assertThat(ruling.scores()[2]).isCloseTo(2 - 5, within(1e-12));
        assertThat(ruling.scores()[4]).isCloseTo(0 - 7.5, within(1e-12));
        assertThat(ruling.scores()[7]).as("unknown age").isEqualTo(-3);
        assertThat(ruling.order()[1]).isEqualTo(1);
        assertThat(ruling.order()[2]).isEqualTo(2);
    }

    @Test
    void pinsAndAsManyAsAQuotaAsksForAreHeld() {
        int[] order = {3, 0, 5, 4, 6, 1, 2, 7};
        Rule.Pin pin = new Rule.Pin("pin", Mode.ON, EntityId.of(EntityKind.TWEET, 6), 5);
        Rule.Pin dry = new Rule.Pin("dry", Mode.DRY_RUN, EntityId.of(EntityKind.TWEET, 4), 1);
        Rule.Pin gone = new Rule.Pin("gone", Mode.ON, EntityId.of(EntityKind.TWEET, 99), 1);
        Rule.Quota quota = new Rule.Quota("quota", Mode.ON, author("a"), 2);
        assertThat(new RuleBook(List.of(pin, dry, gone, quota)).held(order, new Fixed(), 6).stream())
                .containsExactly(1, 4, 5);
        assertThat(new RuleBook(List.of(quota)).held(order, new Fixed(), 5).stream())
                .as("of those that are answered")
                .containsExactly(1);
        assertThat(new RuleBook(List.of(quota)).held(order, new Fixed(), 100).stream())
                .as("no more than it asks for")
                .containsExactly(1, 5);
        assertThat(RuleBook.EMPTY.held(order, new Fixed(), 8).isEmpty()).isTrue();
    }

    @Test
    void capsKeepTheBestOfEach() {
        Ruling ruling = apply(8, new Rule.Cap("two", Mode.ON, "author", 2));
        assertThat(ruling.order()).containsExactly(0, 1, 3, 4, 5, 6, 7);
        assertThat(apply(8, new Rule.Cap("one", Mode.ON, "author", 1)).order()).containsExactly(0, 3, 5, 7);
    }

    @Test
    void quotasTakeTheLastPlaces() {
        Ruling ruling = apply(4, new Rule.Quota("some-c", Mode.ON, author("c"), 2));
        assertThat(ruling.order()).containsExactly(0, 1, 5, 6, 2, 3, 4, 7);
        assertThat(apply(4, new Rule.Quota("many-c", Mode.ON, author("c"), 9)).order())
                .as("as far as there are any")
                .containsExactly(0, 1, 5, 6, 2, 3, 4, 7);
        assertThat(apply(1, new Rule.Quota("one-c", Mode.ON, author("c"), 2)).order())
                .as("no more than fit")
                .containsExactly(5, 0, 1, 2, 3, 4, 6, 7);
        assertThat(apply(4, new Rule.Quota("some-a", Mode.ON, author("a"), 2)).effects())
                .isEmpty();
    }

    @Test
    void pinsTakeTheirPlace() {
        Rule.Pin pin = new Rule.Pin("pin", Mode.ON, EntityId.of(EntityKind.TWEET, 6), 2);
        Ruling ruling = apply(3, pin);
        assertThat(ruling.order()).containsExactly(0, 6, 1, 2, 3, 4, 5, 7);
        assertThat(ruling.effects()).containsExactly(new Effect(pin, 6, Effect.Change.PLACED, 7, 2));
        assertThat(apply(3, new Rule.Pin("far", Mode.ON, EntityId.of(EntityKind.TWEET, 0), 99))
                        .order())
                .containsExactly(1, 2, 3, 4, 5, 6, 7, 0);
        assertThat(apply(3, new Rule.Pin("lower", Mode.ON, EntityId.of(EntityKind.TWEET, 1), 4))
                        .order())
                .containsExactly(0, 2, 3, 1, 4, 5, 6, 7);
        assertThat(apply(3, new Rule.Pin("absent", Mode.ON, EntityId.of(EntityKind.TWEET, 99), 1))
                        .order()[0])
                .isZero();
    }

    @Test
    void diversityIsItsRestatement() {
        Random random = new Random(31);
        for (int round = 0; round < 200; round++) {
            int n = 2 + random.nextInt(25);
            double[][] near = new double[n][n];
            double[] scores =
                    random.doubles(n, -3, 3).map(x -> -x).sorted().map(x -> -x).toArray();
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < i; j++) {
                    near[i][j] = 2 * random.nextDouble() - 1;
                    near[j][i] = near[i][j];
                }
            }
            Facts facts = new Fixed() {
                @Override
                public double similarity(String column, int a, int b) {
                    return near[a][b];
                }
            };
            double lambda = random.nextInt(5) / 4.0;
            int depth = 2 + random.nextInt(n);
            int k = 1 + random.nextInt(n);
            int used = Math.min(depth, n);
            List<Integer> expected = new ArrayList<>(
                    RankingOracles.maximalMarginalRelevance(used, i -> scores[i], (a, b) -> near[a][b], lambda, k));
            IntStream.range(used, n).forEach(expected::add);
            Ruling ruling = new RuleBook(List.of(new Rule.Diversify("mix", Mode.ON, lambda, "twhin", depth)))
                    .apply(IntStream.range(0, n).toArray(), scores, facts, k, NOW);
            assertThat(IntStream.of(ruling.order()).boxed())
                    .as("round %s", round)
                    .containsExactlyElementsOf(expected);
        }
    }

    @Test
    void whatNamesNobodyLeavesTheListAsItIs() {
        Facts nobody = new Fixed() {
            @Override
            public boolean namesNobody(Rule.Remove rule) {
                return true;
            }
        };
        Rule.Remove seen = new Rule.Remove("seen", Mode.ON, List.of(), List.of("seen"), Optional.empty());
        Rule.Cap cap = new Rule.Cap("two", Mode.ON, "author", 2);
        int[] order = IntStream.range(0, 8).toArray();
        RuleBook removing = new RuleBook(List.of(seen));
        assertThat(removing.leaves(nobody)).isTrue();
        assertThat(removing.leaves(new Fixed())).isFalse();
        assertThat(removing.apply(order, SCORES, nobody, 8, NOW).order()).isSameAs(order);
        assertThat(new RuleBook(List.of(cap.in(Mode.OFF))).leaves(nobody)).isTrue();
        RuleBook both = new RuleBook(List.of(seen, cap));
        assertThat(both.leaves(nobody)).isFalse();
        assertThat(both.apply(order, SCORES, nobody, 8, NOW).order())
                .as("the rules after it are not left out")
                .containsExactly(0, 1, 3, 4, 5, 6, 7);
    }

    @Test
    void aDryRunTellsAndDoesNothing() {
        Rule.Cap cap = new Rule.Cap("one", Mode.DRY_RUN, "author", 1);
        Rule.Cap off = new Rule.Cap("off", Mode.OFF, "author", 1);
        Ruling ruling = apply(8, cap, off);
        assertThat(ruling.order()).containsExactly(IntStream.range(0, 8).toArray());
        assertThat(ruling.effects()).extracting(Effect::candidate).containsExactly(1, 2, 4, 6);
        assertThat(ruling.effects()).noneMatch(Effect::applied);
        RuleBook book = new RuleBook(List.of(cap.in(Mode.ON), off)).dryRun();
        assertThat(book.rules()).containsExactly(cap, off);
    }

    @Test
    void changesOfScoresSumToTheDifference() {
        Random random = new Random(4);
        for (int round = 0; round < 200; round++) {
            Ruling ruling = apply(
                    5,
                    new Rule.Boost(
                            "b", Mode.ON, author("a", "c"), 0.1 + random.nextDouble() * 3, random.nextGaussian()),
                    new Rule.Decay(
                            "d", Mode.ON, Duration.ofMinutes(1 + random.nextInt(500)), 0.1 + random.nextDouble()),
                    new Rule.Cap("c", Mode.ON, "author", 1 + random.nextInt(3)));
            for (int i = 0; i < 8; i++) {
                double sum = SCORES[i];
                for (Effect effect : ruling.effects()) {
                    sum += effect.candidate() == i && effect.change() == Effect.Change.SCORED
                            ? effect.after() - effect.before()
                            : 0;
                }
                assertThat(ruling.scores()[i]).isCloseTo(sum, within(1e-9));
            }
        }
    }

    @Test
    void rulesKeepTheirBoundsAndOrder() {
        Rule.Cap cap = new Rule.Cap("cap", Mode.ON, "author", 1);
        Rule.Decay decay = new Rule.Decay("decay", Mode.ON, Duration.ofHours(1), 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RuleBook(List.of(cap, decay)))
                .withMessage(
                        "rules that remove come first, then those that score, then those that place: cap stands before decay");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RuleBook(List.of(cap, cap)))
                .withMessage("rule names must differ: 'cap' twice");
        assertThatIllegalArgumentException().isThrownBy(() -> new Rule.Cap("x", Mode.ON, "author", 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Rule.Remove("x", Mode.ON, List.of(), List.of(), Optional.empty()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Rule.Boost("x", Mode.ON, author("a"), 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Rule.Decay("x", Mode.ON, Duration.ZERO, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Rule.Diversify("x", Mode.ON, 1.5, "c", 10));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Rule.RemoveByAge("x", Mode.ON, Duration.ofHours(2), Duration.ofHours(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Rule.Pin("x", Mode.ON, EntityId.of(EntityKind.TWEET, 1), 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Condition("author", Set.of()));
    }
}
