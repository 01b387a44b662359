package repscorer.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.embedding.Embedding;
import repscorer.core.embedding.EmbeddingSource;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.fixture.ReleaseBuilder;
import repscorer.core.fixture.ScorerBuilder;
import repscorer.core.fixture.Spaces;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.query.CandidateQuery;
import repscorer.core.query.Source;
import repscorer.core.rule.Rule;
import repscorer.core.rule.RuleBook;
import repscorer.core.signal.SignalSource;
import repscorer.core.store.RepresentationStore;

/** A request waits for signals, then for embeddings, and has one budget for both. */
class OneBudgetTest {

    private static final EntityKind USER = EntityKind.USER;
    private static final EntityId STRANGER = EntityId.of(USER, 99);
    private static final Duration BUDGET = Duration.ofSeconds(5);
    private static final Duration SIGNALS_TAKE = Duration.ofMillis(40);

    @TempDir
    Path directory;

    private RepresentationStore store;

    @BeforeEach
    void publish() throws IOException {
        store = ReleaseBuilder.open(directory.resolve("store"), Spaces.twhin("twhin-user", USER, 2));
        ReleaseBuilder.of(store, Files.createDirectory(directory.resolve("scratch")), "r1")
                .dense("twhin-user", Map.of(EntityId.of(USER, 1), new float[] {1, 0}))
                .publish();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void whatSignalsTookIsLeftOutOfWhatEmbeddingsMayTake() {
        List<Duration> forSignals = new ArrayList<>();
        List<Duration> forEmbeddings = new ArrayList<>();
        SignalSource signals = (user, types, budget) -> {
            forSignals.add(budget);
            long until = System.nanoTime() + SIGNALS_TAKE.toNanos();
            while (System.nanoTime() < until) {
                LockSupport.parkNanos(until - System.nanoTime());
            }
            return new SignalSource.Answer.Found(List.of());
        };
        EmbeddingSource upstream = (space, id, release, budget) -> {
            forEmbeddings.add(budget);
            return new EmbeddingSource.Answer.Found(new Embedding.Dense(new float[] {0, 1}));
        };
        ScoringPlan plan = ScoringPlan.of("follow", USER)
                .columns(ColumnPlan.dense("twhin")
                        .source(USER, "twhin-user")
                        .candidate(USER, "twhin-user")
                        .build())
                .rules(new RuleBook(
                        List.of(new Rule.Remove("seen", Rule.Mode.ON, List.of(), List.of("seen"), Optional.empty()))))
                .build();
        ScorerBuilder.of(store, plan)
                .signals(signals)
                .upstream(upstream, BUDGET)
                .build()
                .candidates(CandidateQuery.of("follow", Source.Entities.of(STRANGER)));
        assertThat(forSignals).hasSize(1);
        assertThat(forEmbeddings).hasSize(1);
        assertThat(forSignals.getFirst()).isLessThanOrEqualTo(BUDGET);
        assertThat(forEmbeddings.getFirst())
                .isLessThanOrEqualTo(forSignals.getFirst().minus(SIGNALS_TAKE));
    }
}
