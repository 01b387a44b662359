package repscorer.core.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import repscorer.core.answer.Chance;
import repscorer.core.answer.Provenance;
import repscorer.core.answer.Ranked;
import repscorer.core.answer.ScoredCandidate;
import repscorer.core.answer.ScoredCandidates;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.query.CandidateQuery;
import repscorer.core.query.Source;
import repscorer.core.request.Budget;
import repscorer.core.request.ComputePermits;
import repscorer.core.request.Priority;

class ShadowsTest {

    private static final CandidateQuery QUERY =
            CandidateQuery.of("follow", Source.Entities.of(EntityId.of(EntityKind.USER, 1)));

    private final ComputePermits permits = new ComputePermits(1);
    private final IdleWork idle = new IdleWork(permits);
    private final List<String> told = new CopyOnWriteArrayList<>();

    private final ShadowListener listener = new ShadowListener() {
        @Override
        public void compared(String shadow, ShadowPair pair) {
            told.add(shadow + " compared");
        }

        @Override
        public void dropped(String shadow) {
            told.add(shadow + " dropped");
        }

        @Override
        public void failed(String shadow) {
            told.add(shadow + " failed");
        }
    };

    @AfterEach
    void close() {
        idle.close();
    }

    private static Shadow shadow(double share) {
        return new Shadow("lighter", "follow", share, Map.of("columns.twhin.weight", "0.1"));
    }

    /** Users of these numbers, the first scored highest. */
    private static ScoredCandidates answer(String decision, long micros, double shift, int... users) {
        List<ScoredCandidate> candidates = IntStream.range(0, users.length)
                .mapToObj(rank -> ScoredCandidate.unexplained(
                        EntityId.of(EntityKind.USER, users[rank]), 100 - users[rank] + shift))
                .toList();
        return new ScoredCandidates(
                candidates,
                4,
                Optional.empty(),
                Ranked.OF_UNION,
                "z-score",
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                new Provenance(decision, "r1", Map.of(), List.of(), List.of(), Map.of("total", micros), Map.of()));
    }

    private static void await(BooleanSupplier met) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!met.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within a minute").isLessThan(end);
            Thread.sleep(2);
        }
    }

    @Test
    void answersAreComparedAndTheWorstAreNamed() throws InterruptedException {
        ScoredCandidates[] other = {answer("", 300, 0.5, 1, 2, 3, 4)};
        Shadows shadows = new Shadows(List.of(shadow(1)), query -> other[0], idle, listener);
        assertThat(shadows.reports().getFirst().overlap()).isEmpty();
        shadows.answered(QUERY, answer("d1", 100, 0, 1, 2, 3, 4));
        await(() -> told.size() == 1);
        ShadowReport same = shadows.reports().getFirst();
        assertThat(same.compared()).isEqualTo(1);
        assertThat(same.overlap().orElseThrow().mean()).isEqualTo(1);
        assertThat(same.rankBiasedOverlap().orElseThrow().mean()).isCloseTo(1, within(1e-12));
        assertThat(same.scoreShift().orElseThrow().mean()).isCloseTo(.5, within(1e-12));
        assertThat(same.latencyRatio().orElseThrow().mean()).isEqualTo(3);
        assertThat(same.worst()).isEmpty();

        for (int i = 0; i < 6; i++) {
            shadows.answered(QUERY, answer("half-" + i, 100, 0, 3, 4, 5 + i, 60));
            int count = i + 2;
            await(() -> told.size() == count);
        }
        shadows.answered(QUERY, answer("none", 100, 0, 11, 12, 13, 14));
        await(() -> told.size() == 8);
        ShadowReport report = shadows.reports().getFirst();
        assertThat(report.compared()).isEqualTo(8);
        assertThat(report.scoreShift().orElseThrow().count())
                .as("of answers that share any")
                .isEqualTo(7);
        assertThat(report.overlap().orElseThrow().mean()).isCloseTo((1 + 6 * .5) / 8, within(1e-12));
        assertThat(report.worst()).hasSize(ShadowReport.WORST_MAX);
        ShadowPair worst = report.worst().getFirst();
        assertThat(worst.decisionId()).isEqualTo("none");
        assertThat(worst.source()).isEqualTo("user:1");
        assertThat(worst.overlap()).isZero();
        assertThat(worst.live()).hasToString("[user:11, user:12, user:13, user:14]");
        assertThat(worst.shadow()).hasToString("[user:1, user:2, user:3, user:4]");
    }

    @Test
    void aShadowIsAskedTheSameOfTheSameReleaseWithTheSameDraws() throws InterruptedException {
        List<CandidateQuery> asked = Collections.synchronizedList(new ArrayList<>());
        Shadows shadows = new Shadows(
                List.of(shadow(1)),
                query -> {
                    asked.add(query);
                    return answer("", 1, 0, 1);
                },
                idle,
                listener);
        CandidateQuery query =
                QUERY.withK(7).withOverride("columns.twhin.weight", "3").withOverride("optimal", "true");
        shadows.answered(query, answer("d1", 1, 0, 1));
        await(() -> told.size() == 1);
        assertThat(asked.getFirst().overrides())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("columns.twhin.weight", "0.1", "optimal", "true", "release", "r1", "seed", "d1"));
        assertThat(asked.getFirst().k()).contains(7);
        ScoredCandidates drawn = answer("d2", 1, 0, 1);
        shadows.answered(
                QUERY,
                new ScoredCandidates(
                        drawn.candidates(),
                        4,
                        Optional.empty(),
                        drawn.ranked(),
                        drawn.scale(),
                        List.of(),
                        Optional.empty(),
                        List.of(),
                        Optional.of(new Chance("mine", Optional.of("softmax"), Optional.empty())),
                        drawn.provenance()));
        await(() -> told.size() == 2);
        assertThat(asked.get(1).overrides()).containsEntry("seed", "mine");
    }

    @Test
    void aShareOfTheSurfacesRequestsIsDrawn() throws InterruptedException {
        int requests = 3_000;
        Shadows shadows = new Shadows(
                List.of(shadow(.3), new Shadow("never", "follow", 0, Map.of("optimal", "true"))),
                query -> answer("", 1, 0, 1),
                idle,
                listener);
        CandidateQuery elsewhere = CandidateQuery.of("search", Source.Entities.of(EntityId.of(EntityKind.USER, 1)));
        for (int i = 0; i < requests; i++) {
            shadows.answered(QUERY, answer("decision-" + i, 1, 0, 1));
            shadows.answered(elsewhere, answer("other-" + i, 1, 0, 1));
        }
        await(() -> {
            ShadowReport report = shadows.reports().getFirst();
            return report.compared() + report.dropped() == told.size() && told.size() > 800;
        });
        assertThat(told.size()).isBetween(900 - 130, 900 + 130); // five deviations of a binomial
        assertThat(told).noneMatch(each -> each.startsWith("never"));
    }

    @Test
    void whereNoProcessorIsIdleItIsDroppedAndCounted() throws InterruptedException {
        Shadows shadows = new Shadows(
                List.of(shadow(1)),
                query -> {
                    throw new AssertionError("busy");
                },
                idle,
                listener);
        try (ComputePermits.Permit busy = permits.take(Budget.of(Duration.ofMinutes(1)), Priority.NORMAL)) {
            assertThat(permits.isIdle()).isFalse();
            for (int i = 0; i < 40; i++) {
                shadows.answered(QUERY, answer("d" + i, 1, 0, 1));
            }
            assertThat(told).as("those beyond what may wait").hasSizeGreaterThanOrEqualTo(20);
            await(() -> told.size() == 40);
            assertThat(busy).isNotNull();
        }
        assertThat(permits.isIdle()).isTrue();
        assertThat(shadows.reports().getFirst().dropped()).isEqualTo(40);
        assertThat(told).containsOnly("lighter dropped");
    }

    @Test
    void whatHasNoAnswerIsCountedWithItsReason() throws InterruptedException {
        Shadows shadows = new Shadows(
                List.of(shadow(1)),
                query -> {
                    throw new NotFound("unknown-release", "release 'r9' is neither live, kept nor staged");
                },
                idle,
                listener);
        shadows.answered(QUERY, answer("d", 1, 0, 1));
        await(() -> told.size() == 1);
        ShadowReport report = shadows.reports().getFirst();
        assertThat(report.failed()).isEqualTo(1);
        assertThat(report.failure()).contains("release 'r9' is neither live, kept nor staged");
        assertThat(report.compared()).isZero();
    }

    @Test
    void dryRunsHaveNoShadowAndShadowsDiffer() {
        assertThatIllegalArgumentException().isThrownBy(() -> shadow(1.5)).withMessageContaining("0 to 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Shadow("same", "follow", 1, Map.of()))
                .withMessageContaining("differs");
        Shadows shadows = new Shadows(List.of(shadow(1)), query -> answer("", 1, 0, 1), idle, listener);
        CandidateQuery dryRun = new CandidateQuery(
                "follow",
                QUERY.source(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                Map.of(),
                false,
                true);
        shadows.answered(dryRun, answer("d", 1, 0, 1));
        assertThat(told).isEmpty();
    }
}
