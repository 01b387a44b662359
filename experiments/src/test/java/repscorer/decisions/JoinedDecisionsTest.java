package repscorer.decisions;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.testing.Seeds;

class JoinedDecisionsTest {

    private static final Instant TIME = Instant.parse("2026-11-29T20:15:00Z");
    private static final Duration WINDOW = Duration.ofHours(2);

    private final RandomGenerator random = Seeds.random("JoinedDecisionsTest");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    /** Joined by plain maps, in whatever order. */
    @Test
    void aJoinIsThatOfPlainMapsWhateverFitsIntoMemory() throws Exception {
        List<Decision> decisions = new ArrayList<>();
        List<Outcome> outcomes = new ArrayList<>();
        try (LogDirectory log = LogDirectory.open(directory, LogLimits.DEFAULT);
                DecisionLog writer = new DecisionLog(log, 1 << 24, List.of());
                OutcomeLog kept = new OutcomeLog(log)) {
            for (int i = 0; i < 400; i++) {
                Instant decided = TIME.plusSeconds(random.nextInt(7_200));
                Decision decision = MadeUp.decision(random, decided);
                decisions.add(decision);
                writer.offer(10, () -> MadeUp.made(decision));
            }
            for (int i = 0; i < 4_000; i++) {
                Decision of = decisions.get(random.nextInt(decisions.size()));
                String id = random.nextInt(20) == 0 ? MadeUp.id(random, of.time()) : of.id();
                outcomes.add(new Outcome(
                        id,
                        "user:" + random.nextInt(4),
                        random.nextBoolean() ? Outcome.IMPRESSION : "follow",
                        random.nextInt(100),
                        Instant.ofEpochMilli(DecisionIds.millis(id))
                                .plusSeconds(random.nextInt(-600, 9_000) / 100 * 100)));
            }
            for (int from = 0; from < outcomes.size(); from += 500) {
                kept.append(outcomes.subList(from, from + 500));
            }
            assertThat(writer.flush(Duration.ofSeconds(10))).isTrue();
        }
        for (int runMax : new int[] {100_000, 4_000, 997, 64}) {
            check(decisions, outcomes, runMax);
        }
    }

    private void check(List<Decision> decisions, List<Outcome> outcomes, int runMax) throws Exception {
        long late = 0;
        Map<String, Map<String, Outcome>> counted = new HashMap<>();
        long inWindow = 0;
        for (Outcome outcome : outcomes) {
            Instant decided = Instant.ofEpochMilli(DecisionIds.millis(outcome.decision()));
            if (outcome.time().isBefore(decided.minusSeconds(300))
                    || outcome.time().isAfter(decided.plus(WINDOW))) {
                late++;
                continue;
            }
            inWindow++;
            counted.computeIfAbsent(outcome.decision(), id -> new TreeMap<>())
                    .merge(
                            outcome.candidate() + " " + outcome.kind(),
                            outcome,
                            (a, b) -> b.time().isBefore(a.time()) ? a : b);
        }
        long distinct = counted.values().stream().mapToLong(Map::size).sum();
        Set<String> ids = new HashSet<>();
        long joined = 0;
        long unseen = 0;
        List<JoinedDecision> expected = new ArrayList<>();
        for (Decision decision : decisions) {
            ids.add(decision.id());
            List<Outcome> of = new ArrayList<>(
                    counted.getOrDefault(decision.id(), Map.of()).values());
            int all = of.size();
            if (!decision.candidates().isEmpty()) {
                of.removeIf(outcome -> Integer.parseInt(outcome.candidate().substring(5))
                        >= decision.candidates().size());
            }
            unseen += all - of.size();
            joined += of.size();
            expected.add(new JoinedDecision(decision, of));
        }
        long undecided = counted.entrySet().stream()
                .filter(entry -> !ids.contains(entry.getKey()))
                .mapToLong(entry -> entry.getValue().size())
                .sum();

        List<JoinedDecision> read = new ArrayList<>();
        JoinReport report;
        try (JoinedDecisions all = Decisions.read(directory, Decisions.Window.of(WINDOW), runMax)) {
            all.forEachRemaining(read::add);
            report = all.report();
        }
        assertThat(read).isEqualTo(expected);
        assertThat(report)
                .isEqualTo(
                        new JoinReport(decisions.size(), joined, inWindow - distinct, late, undecided, unseen, 0, 0));
    }

    @Test
    void decisionsOfOtherTimesAreLeftOut() throws Exception {
        List<Decision> decisions = new ArrayList<>();
        try (LogDirectory log = LogDirectory.open(directory, LogLimits.DEFAULT);
                DecisionLog writer = new DecisionLog(log, 1 << 24, List.of());
                OutcomeLog kept = new OutcomeLog(log)) {
            for (int i = 0; i < 10; i++) {
                Decision decision = MadeUp.decision(random, TIME.plusSeconds(i));
                decisions.add(decision);
                writer.offer(10, () -> MadeUp.made(decision));
                kept.append(List.of(new Outcome(decision.id(), "user:0", "follow", 1, TIME.plusSeconds(i))));
            }
        }
        try (JoinedDecisions some =
                Decisions.read(directory, new Decisions.Window(TIME.plusSeconds(3), TIME.plusSeconds(5), WINDOW))) {
            List<Decision> read = new ArrayList<>();
            some.forEachRemaining(each -> read.add(each.decision()));
            assertThat(read).isEqualTo(decisions.subList(3, 5));
            assertThat(some.report().undecided()).isZero();
        }
    }

    @Test
    void anEmptyDirectoryHasNothing() throws Exception {
        try (JoinedDecisions none = Decisions.read(directory, Decisions.Window.of(WINDOW))) {
            assertThat(none.hasNext()).isFalse();
            assertThat(none.report()).isEqualTo(new JoinReport(0, 0, 0, 0, 0, 0, 0, 0));
        }
    }
}
