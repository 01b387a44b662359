package repscorer.core.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.core.entity.EntityId;
import repscorer.core.rule.Effect.Change;
import repscorer.core.rule.Rule.Condition;
import repscorer.core.rule.Rule.Mode;

/** What rules move and what they tell of it, over candidates whose group is a letter of a word. */
class RuleMovesTest {

    private static final long NOW = 1_700_000_000_000L;

    /** Candidate i is of the i-th letter's group and is i hours old; "-" is of no group and of no known age. */
    private record Letters(String word) implements Facts {

        @Override
        public int compare(int a, int b) {
            return Integer.compare(a, b);
        }

        @Override
        public boolean is(int candidate, EntityId id) {
            return false;
        }

        @Override
        public int value(String attribute, int candidate) {
            return word.charAt(candidate) == '-' ? NO_VALUE : word.charAt(candidate);
        }

        @Override
        public boolean meets(Condition condition, int candidate) {
            return condition.values().contains(word.substring(candidate, candidate + 1));
        }

        @Override
        public OptionalLong createdMillis(int candidate) {
            return word.charAt(candidate) == '-'
                    ? OptionalLong.empty()
                    : OptionalLong.of(NOW - Duration.ofHours(candidate).toMillis());
        }

        @Override
        public boolean named(Rule.Remove rule, int candidate) {
            return false;
        }

        @Override
        public double weight(String space, int candidate) {
            return Double.NaN;
        }

        @Override
        public double similarity(String column, int a, int b) {
            return word.charAt(a) == word.charAt(b) ? 1 : 0;
        }
    }

    private static Ruling apply(String word, int k, double[] scores, Rule rule) {
        return new RuleBook(List.of(rule))
                .apply(IntStream.range(0, word.length()).toArray(), scores, new Letters(word), k, NOW);
    }

    private static Ruling quota(String word, int k, String group, int min) {
        return apply(word, k, new double[word.length()], quota(group, min));
    }

    private static Rule.Quota quota(String group, int min) {
        return new Rule.Quota("some", Mode.ON, new Condition("group", Set.of(group)), min);
    }

    @Test
    @DisplayName("S13: a quota counts what stands within the answer and nothing after it")
    void aQuotaCountsWhatStandsWithinTheAnswer() {
        assertThat(quota("aaabbcc", 4, "b", 1).order())
                .as("met already, though there are more")
                .containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(quota("aaabbcc", 5, "c", 1).order())
                .as("the first that is not answered does not count, and one is enough")
                .containsExactly(0, 1, 2, 3, 5, 4, 6);
        assertThat(quota("acab", 3, "a", 3).order()).as("none left to promote").containsExactly(0, 1, 2, 3);
        assertThat(quota("ab", 9, "b", 2).order()).as("fewer than are asked").containsExactly(0, 1);
        assertThat(quota("cccacc", 3, "a", 2).order()).as("one there is").containsExactly(0, 1, 3, 2, 4, 5);
    }

    @Test
    @DisplayName("S13: a quota keeps what meets it already wherever that stands, and every other in its order")
    void aQuotaKeepsWhatMeetsIt() {
        assertThat(quota("acca", 3, "a", 2).order()).as("one there, one behind").containsExactly(0, 1, 3, 2);
        assertThat(quota("acca", 3, "a", 3).order())
                .as("fewer behind than there is room for")
                .containsExactly(0, 1, 3, 2);
        assertThat(quota("ccaca", 3, "a", 2).order())
                .as("the last of the answer meets it and moves up")
                .containsExactly(0, 2, 4, 1, 3);
        assertThat(quota("acaaa", 3, "a", 9).order())
                .as("more behind than there is room for")
                .containsExactly(0, 2, 3, 1, 4);
        int[] fromTheBack = {4, 3, 2, 1, 0};
        assertThat(new RuleBook(List.of(quota("a", 1)))
                        .apply(fromTheBack, new double[5], new Letters("acccc"), 2, NOW)
                        .order())
                .containsExactly(4, 0, 3, 2, 1);
    }

    @Test
    @DisplayName("S13: a quota tells both what it promoted and what it demoted, with both ranks")
    void aQuotaTellsWhatItMoved() {
        assertThat(quota("aaabbcc", 4, "c", 1).effects())
                .containsExactly(
                        new Effect(quota("c", 1), 5, Change.PLACED, 6, 4),
                        new Effect(quota("c", 1), 3, Change.PLACED, 4, 5));
    }

    @Test
    @DisplayName("S13: among equal scores diversity alone decides, and only what moved is told")
    void amongEqualScoresDiversityDecides() {
        Rule.Diversify mix = new Rule.Diversify("mix", Mode.ON, 0.5, "c", 3);
        Ruling ruling = apply("aab", 3, new double[] {2, 2, 2}, mix);
        assertThat(ruling.order()).containsExactly(0, 2, 1);
        assertThat(ruling.effects())
                .containsExactly(new Effect(mix, 2, Change.PLACED, 3, 2), new Effect(mix, 1, Change.PLACED, 2, 3));
        Ruling answered = apply("aab", 2, new double[] {2, 2, 2}, mix);
        assertThat(answered.effects())
                .as("what is not answered was not meant to move")
                .containsExactly(new Effect(mix, 2, Change.PLACED, 3, 2));
    }

    @Test
    @DisplayName("S13: a decay ranks anew: what is old falls behind what has no age")
    void aDecayRanksAnew() {
        Rule.Decay decay = new Rule.Decay("fresh", Mode.ON, Duration.ofHours(1), 8);
        Ruling ruling = apply("aaa-", 4, new double[] {4, 3, 2, 1}, decay);
        assertThat(ruling.scores()).containsExactly(4, 3 - 4, 2 - 6, 1);
        assertThat(ruling.order()).containsExactly(0, 3, 1, 2);
        assertThat(ruling.effects())
                .as("nothing is off for a new one, and nothing is told of it")
                .containsExactly(
                        new Effect(decay, 1, Change.SCORED, 3, -1), new Effect(decay, 2, Change.SCORED, 2, -4));
    }
}
