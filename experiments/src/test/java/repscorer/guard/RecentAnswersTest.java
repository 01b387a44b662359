package repscorer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RecentAnswersTest {

    private static Map<String, Double> scores(double best, double column) {
        return Map.of("", best, "twhin", column);
    }

    @Test
    @DisplayName(
            "nothing is slow or unusual before enough was seen; then a tenth of the like is, and all that is far off")
    void whatIsUsualIsLearnt() {
        RecentAnswers recent = new RecentAnswers();
        Random random = new Random(3);
        for (int i = 0; i < RecentAnswers.LEAST - 1; i++) {
            recent.add(100, scores(1, 1));
        }
        assertThat(recent.isSlow(1_000_000_000)).isFalse();
        assertThat(recent.isUnusual(scores(99, 99))).isFalse();
        for (int i = 0; i < 5_000; i++) {
            recent.add(90 + random.nextInt(20), scores(random.nextGaussian(), random.nextGaussian()));
        }
        assertThat(recent.isSlow(195)).isFalse();
        assertThat(recent.isSlow(225)).isTrue();
        int unusual = 0;
        for (int i = 0; i < 5_000; i++) {
            unusual += recent.isUnusual(Map.of("", random.nextGaussian())) ? 1 : 0;
        }
        assertThat(unusual / 5_000.0).isBetween(.04, .13);
        assertThat(recent.isUnusual(scores(0, 3))).isTrue();
        assertThat(recent.isUnusual(scores(-3, 0))).isTrue();
        assertThat(recent.isUnusual(Map.of("other", 99.0))).as("nobody's like").isFalse();
    }

    @Test
    @DisplayName("where all scores are one, little differs from it unseen, much does not")
    void whatIsAllAlikeMayDifferByLittle() {
        RecentAnswers recent = new RecentAnswers();
        for (int i = 0; i < RecentAnswers.LEAST + RecentAnswers.MADE_EVERY; i++) {
            recent.add(100, scores(2, .5));
        }
        assertThat(recent.isUnusual(scores(2.05, .5))).isFalse();
        assertThat(recent.isUnusual(scores(2.2, .5))).isTrue();
    }
}
