package repscorer.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The effort of searches while requests wait")
class EffortTest {

    private static final Duration TARGET = Duration.ofMillis(60);

    private long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1); // the clock may run over meanwhile
    private final Effort effort = new Effort(TARGET, now);

    /** As many requests that each waited so long, a millisecond apart; answers the shares met on the way. */
    private List<Double> waits(int count, double targets) {
        List<Double> met = new ArrayList<>(List.of(effort.share()));
        for (int i = 0; i < count; i++) {
            now += 1_000_000;
            effort.waited((long) (targets * TARGET.toNanos()), now);
            if (effort.share() != met.getLast()) {
                met.add(effort.share());
            }
        }
        return met;
    }

    @Test
    void fallsInStepsWhileWaitsAreLongAndComesBackInSteps() {
        assertThat(waits(2_000, .8)).containsExactly(1.0, .75, .5, .35);
        assertThat(waits(5_000, .02)).containsExactly(.35, .5, .75, 1.0);
    }

    @Test
    void oneLongWaitAmongManyShortOnesChangesNothing() {
        for (int i = 0; i < 50; i++) {
            waits(1, 1);
            waits(40, .01);
        }
        assertThat(effort.share()).isEqualTo(1);
    }

    @Test
    void aBurstThatIsOverAtOnceChangesNothing() {
        assertThat(waits(80, .9)).containsExactly(1.0);
        assertThat(waits(2_000, .2)).containsExactly(1.0);
    }

    @Test
    void waitsBetweenTheBoundsKeepWhatThereIs() {
        waits(300, .8);
        double before = effort.share();
        assertThat(before).isLessThan(1);
        assertThat(waits(5_000, .3)).containsExactly(before);
    }

    @Test
    void comesBackAfterAPauseWithTheFirstRequestsThatComeAgain() {
        waits(2_000, .8);
        now += TimeUnit.SECONDS.toNanos(60);
        assertThat(waits(1_600, 0)).containsExactly(.35, .5, .75, 1.0);
    }

    @Test
    void isAlwaysWholeWithoutATarget() {
        Effort whole = new Effort(Duration.ZERO, now);
        for (int i = 0; i < 1_000; i++) {
            whole.waited(TimeUnit.SECONDS.toNanos(10), now + i * 10_000_000L);
        }
        assertThat(whole.share()).isEqualTo(1);
        assertThat(whole.reduced()).isZero();
    }
}
