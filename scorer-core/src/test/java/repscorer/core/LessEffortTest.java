package repscorer.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.answer.Provenance;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.fixture.ReleaseBuilder;
import repscorer.core.fixture.ScorerBuilder;
import repscorer.core.fixture.Spaces;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.query.Source;
import repscorer.core.request.Budget;
import repscorer.core.request.ComputePermits;
import repscorer.core.request.Priority;
import repscorer.core.store.RepresentationStore;

@Timeout(60)
@DisplayName("While requests wait, candidates are sought with less effort, and the answer says so")
class LessEffortTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final int USERS = 60;

    @TempDir
    Path directory;

    private RepresentationStore store;
    private ComputePermits permits;
    private Scorer scorer;

    @BeforeEach
    void publish() throws IOException {
        store = ReleaseBuilder.open(directory.resolve("store"), Spaces.twhin("twhin-user", USER, 2));
        Map<EntityId, float[]> rows = new HashMap<>();
        for (int i = 0; i < USERS; i++) {
            rows.put(EntityId.of(USER, i), new float[] {1, i / (float) USERS});
        }
        ReleaseBuilder.of(store, Files.createDirectory(directory.resolve("scratch")), "r1")
                .dense("twhin-user", rows)
                .publish();
        permits = new ComputePermits(1, new ComputePermits.Bounds(Duration.ofMillis(20), Duration.ofMinutes(1), true));
        scorer = ScorerBuilder.of(
                        store,
                        ScoringPlan.of("follow", USER)
                                .columns(ColumnPlan.dense("twhin")
                                        .source(USER, "twhin-user")
                                        .candidate(USER, "twhin-user")
                                        .set(ColumnSetting.RETRIEVE, 40)
                                        .set(ColumnSetting.EF, 60)
                                        .build())
                                .build())
                .permits(permits)
                .build();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private ScoredCandidates ask(int k) {
        return scorer.candidates(CandidateQuery.of("follow", Source.Entities.of(EntityId.of(USER, 0)))
                .withK(k));
    }

    /** Two at a time wait behind one that computes, until the effort is at its least. */
    private void crowd() throws InterruptedException {
        while (permits.effort().share() > .35) {
            List<Thread> waiting = new ArrayList<>();
            try (ComputePermits.Permit held = permits.take(Budget.of(Duration.ofMinutes(1)), Priority.NORMAL)) {
                for (int i = 0; i < 2; i++) {
                    waiting.add(Thread.ofVirtual().start(() -> permits.holding(() -> "late")));
                }
                while (permits.queued() < 2) {
                    Thread.sleep(1);
                }
                Thread.sleep(60);
            }
            for (Thread thread : waiting) {
                thread.join();
            }
        }
    }

    @Test
    void seeksLessAndSaysSo() throws InterruptedException {
        assertThat(ask(3).provenance().notices()).isEmpty();
        assertThat(permits.effort().reduced()).isZero();
        ScoredCandidates whole = ask(3);

        crowd();
        ScoredCandidates less = ask(3);

        assertThat(less.provenance().notices())
                .containsExactly(new Provenance.Notice(
                        "twhin", "DEGRADED", "many requests wait: retrieve 14 in place of 40, ef 21 in place of 60"));
        assertThat(permits.effort().reduced()).isEqualTo(1);
        assertThat(less.candidates().stream().map(each -> each.id()).toList())
                .isEqualTo(whole.candidates().stream().map(each -> each.id()).toList());
    }

    @Test
    void answersAsManyAsWereAskedForAllTheSame() throws InterruptedException {
        crowd();
        assertThat(ask(30).candidates()).hasSize(30);
    }

    @Test
    void asksWhyNotOfThePlanItself() throws InterruptedException {
        crowd();
        assertThat(scorer.whyNot(
                                CandidateQuery.of("follow", Source.Entities.of(EntityId.of(USER, 0)))
                                        .withK(3),
                                EntityId.of(USER, 39))
                        .provenance()
                        .notices())
                .isEmpty();
        assertThat(permits.effort().reduced()).isZero();
    }
}
