package repscorer.core.recall;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WatchTest {

    private static final RecallOptions OPTIONS = new RecallOptions(1, .8, .01);

    private final Watch watch = new Watch("twhin-user", FilterBand.OPEN, OPTIONS, 2);

    private int alarms;

    private void add(String release, int count, double value) {
        for (int i = 0; i < count; i++) {
            alarms += watch.add(release, value) == null ? 0 : 1;
        }
    }

    @Test
    void anAlarmIsRaisedOnceAndGoesWhenWhatIsOldIsForgotten() {
        add("r1", 50, .7);
        assertThat(alarms).isEqualTo(1);
        assertThat(watch.all().getFirst().alarm().orElse("")).contains("under 0.8");
        add("r1", 3 * Watch.WINDOW, .9);
        assertThat(alarms).isEqualTo(1);
        assertThat(watch.all().getFirst().alarm()).isEmpty();
        assertThat(watch.all().getFirst().samples()).isBetween((long) Watch.WINDOW, 2L * Watch.WINDOW);
        assertThat(watch.all().getFirst().mean()).isEqualTo(.9, org.assertj.core.data.Offset.offset(1e-9));
    }

    @Test
    void aReleaseIsComparedWithTheOneBeforeWhereEnoughIsKnownOfThat() {
        add("r1", 99, .99);
        add("r2", 500, .95);
        assertThat(alarms).as("99 values are not enough").isZero();
        add("r3", 500, .90);
        assertThat(alarms).isEqualTo(1);
        assertThat(watch.all().getLast().alarm().orElse("")).contains("where r2 had");
        assertThat(watch.all()).as("r1 is forgotten").hasSize(2);
    }
}
