package repscorer.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.disk.Disk;
import repscorer.core.erasure.ErasedSubjects;
import repscorer.core.erasure.Erasure;
import repscorer.testing.Seeds;

class LogErasureTest {

    private static final String SUBJECT = "user:gone";
    private static final Instant TIME = Instant.ofEpochMilli(System.currentTimeMillis());

    private final RandomGenerator random = Seeds.random("LogErasureTest");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private Decision decision(Optional<String> unit, String request, String candidate) {
        Decision made = MadeUp.decision(random, TIME);
        Decision.Shown shown =
                new Decision.Shown(candidate, 0.1 + 0.2, Map.of("twhin", 1e-7), 0.25, Optional.of("b"), 0.5);
        return new Decision(
                made.id(),
                TIME,
                "follow",
                unit,
                List.of(),
                "r1",
                Map.of(),
                made.plan(),
                request,
                List.of(shown),
                List.of(),
                7);
    }

    private List<String> lines() throws IOException {
        List<String> all = new ArrayList<>();
        for (LogFile file : LogFile.list(directory.resolve("log"))) {
            try (LogFile.Lines lines = file.lines()) {
                for (byte[] line = lines.next(); line != null; line = lines.next()) {
                    all.add(new String(line, StandardCharsets.UTF_8));
                }
                assertThat(lines.torn()).isFalse();
            }
        }
        return all;
    }

    private static String line(List<String> lines, String id) {
        return lines.stream()
                .filter(each -> each.startsWith("{\"id\":\"" + id))
                .findFirst()
                .orElseThrow();
    }

    /** The local disk, where a file takes another's place so often and then no more. */
    private static Disk failingAfter(int[] moves) {
        return (Disk) Proxy.newProxyInstance(
                Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (proxy, method, given) -> {
                    if (method.getName().equals("move") && moves[0]-- <= 0) {
                        throw new IOException("the device fails");
                    }
                    try {
                        return method.invoke(Disk.LOCAL, given);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void whatEndsInTheMiddleIsGoneOnWith() throws IOException {
        ErasedSubjects subjects = ErasedSubjects.open(Disk.LOCAL, directory.resolve("erasures"));
        Erasure erasure = subjects.add(List.of(SUBJECT), Set.of("user"), "test", "asked", TIME);
        Decision theirs = decision(Optional.of(SUBJECT), "", "user:2");
        int[] moves = {100};
        try (LogDirectory log = LogDirectory.open(
                        directory.resolve("log"),
                        new LogLimits(1 << 20, Duration.ofHours(1), 1 << 24),
                        failingAfter(moves),
                        InstantSource.system());
                DecisionLog decisions = new DecisionLog(log, 1 << 20, List.of());
                OutcomeLog outcomes = new OutcomeLog(log)) {
            decisions.offer(100, () -> MadeUp.made(theirs));
            outcomes.append(List.of(new Outcome(theirs.id(), "user:2", "click", 1, TIME)));
            decisions.flush(Duration.ofSeconds(10));
            assertThat(lines()).hasSize(2);
            LogErasure erasing = new LogErasure(log, decisions, outcomes);
            for (int taken = 0; taken < 2; taken++) {
                moves[0] = taken;
                assertThatThrownBy(() -> erasing.erase(subjects.of(erasure))).hasMessage("the device fails");
            }

            moves[0] = 100;
            erasing.erase(subjects.of(erasure));

            assertThat(lines()).isEmpty();
        }
    }

    @Test
    void whatIsTheirsGoesWithItsOutcomesAndWhatIsOthersKeepsEveryOtherByte() throws IOException {
        ErasedSubjects subjects = ErasedSubjects.open(Disk.LOCAL, directory.resolve("erasures"));
        Erasure erasure = subjects.add(List.of(SUBJECT), Set.of("user"), "test", "asked", TIME);
        Decision theirs = decision(Optional.of(SUBJECT), "", "user:2");
        Decision askedFor = decision(Optional.of("u9"), "{\"source\":{\"id\":\"user:gone\"},\"k\":3}", "user:2");
        Decision names = decision(
                Optional.of("u9"),
                "{\"source\":{\"id\":\"user:1\"},\"filters\":{\"excludeIds\":[\"user:g\\u006fne\",\"user:3\"]}}",
                SUBJECT);
        Decision others = decision(Optional.of("user:gone2"), "{\"source\":{\"id\":\"user:1\"}}", "user:go");
        try (LogDirectory log = LogDirectory.open(
                        directory.resolve("log"), new LogLimits(1 << 20, Duration.ofHours(1), 1 << 24));
                DecisionLog decisions = new DecisionLog(log, 1 << 20, List.of());
                OutcomeLog outcomes = new OutcomeLog(log)) {
            for (Decision each : List.of(theirs, askedFor, names, others)) {
                decisions.offer(100, () -> MadeUp.made(each));
            }
            outcomes.append(List.of(
                    new Outcome(theirs.id(), "user:2", "click", 1, TIME),
                    new Outcome(others.id(), SUBJECT, "click", 1, TIME),
                    new Outcome(others.id(), "user:go", "click", 1, TIME)));
            decisions.flush(Duration.ofSeconds(10));
            List<String> before = lines();
            LogErasure erasing = new LogErasure(log, decisions, outcomes);
            assertThat(erasing.look(subjects.of(erasure)).lines()).isEqualTo(4);

            erasing.erase(subjects.of(erasure));

            List<String> after = lines();
            assertThat(after).hasSize(3);
            String named = line(before, names.id())
                    .replace("\"candidate\":\"user:gone\"", "\"candidate\":\"erased:1-0\"")
                    .replace("[\"user:g\\u006fne\",", "[\"erased:1-0\",");
            assertThat(after)
                    .contains(named, line(before, others.id()))
                    .anyMatch(each -> each.contains("\"candidate\":\"user:go\",\"kind\""));
            assertThat(erasing.look(subjects.of(erasure)).lines()).isZero();
            assertThat(decisions.find(theirs.id())).isEmpty();
            assertThat(decisions.find(others.id()).orElseThrow().decision()).isEqualTo(others);
            decisions.offer(100, () -> MadeUp.made(others));
            assertThat(decisions.flush(Duration.ofSeconds(10))).isTrue();
            assertThat(lines()).as("the log goes on").hasSize(4);
        }
    }
}
