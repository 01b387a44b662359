package repscorer.training.twhin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import repscorer.training.progress.TrainingProgress;

class PaceTest {

    private final List<String> told = new ArrayList<>();
    private final TrainingState state = new TrainingState();
    private boolean cancelled;

    private final Pace pace = new Pace(
            new TrainingProgress() {
                @Override
                public void report(String stage, long done, long total, String note) {
                    told.add(stage + " " + done + "/" + total + " " + note);
                }

                @Override
                public boolean cancelled() {
                    return cancelled;
                }
            },
            state,
            200);

    @Test
    void halfEdgesAreToldAsEdges() {
        pace.start();
        pace.report("begin");
        pace.advance(60);
        pace.report("");
        assertThat(told).containsExactly("twhin 0/100 begin", "twhin 30/100 ");
    }

    @Test
    void whatAnEarlierRunDidCountsAsDoneButNotForTheSpeed() {
        pace.start();
        pace.resume(150);
        pace.report("");
        assertThat(told).containsExactly("twhin 75/100 ");
        assertThat(pace.end()).as("edges a second of this run").isZero();
        assertThat(told.getLast()).startsWith("twhin 100/100 0 edges/s, loss");
    }

    @Test
    void validationIsToldOfOnceThereIsOne() {
        pace.start();
        pace.reportAndAsk();
        assertThat(told.getLast()).doesNotContain("MRR");
        state.validated(0.25, List.of());
        pace.reportAndAsk();
        assertThat(told.getLast()).contains("validation MRR 0.2500 (best 0.2500)");
    }

    @Test
    void aReportIsNotDueRightAfterAnotherButForTheLast() {
        pace.start();
        assertThat(pace.due(false)).isTrue();
        assertThat(pace.reportAndAsk()).isFalse();
        assertThat(pace.due(false)).isFalse();
        assertThat(pace.due(true)).isTrue();
        cancelled = true;
        assertThat(pace.reportAndAsk()).isTrue();
    }
}
