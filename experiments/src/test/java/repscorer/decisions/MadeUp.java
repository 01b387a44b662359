package repscorer.decisions;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Decisions and outcomes that were made up. */
final class MadeUp {

    private MadeUp() {}

    static String id(RandomGenerator random, Instant time) {
        long high = time.toEpochMilli() << 16 | 0x7000 | random.nextInt(1 << 12);
        return new UUID(high, 1L << 63 | random.nextLong() >>> 2).toString();
    }

    static Decision decision(RandomGenerator random, Instant time) {
        return decision(random, time, id(random, time));
    }

    static Decision decision(RandomGenerator random, Instant time, String id) {
        List<Decision.Shown> shown = new ArrayList<>();
        int k = random.nextInt(6);
        for (int i = 0; i < k; i++) {
            Map<String, Double> columns = new TreeMap<>();
            if (random.nextBoolean()) {
                columns.put("twhin", random.nextGaussian());
            }
            if (random.nextBoolean()) {
                columns.put("sim \"clusters\"", (double) (float) random.nextDouble());
            }
            shown.add(new Decision.Shown(
                    "user:" + i,
                    random.nextGaussian() * 1e3,
                    columns,
                    random.nextBoolean() ? 1 : random.nextDouble(.001, 1),
                    random.nextBoolean() ? Optional.empty() : Optional.of("b")));
        }
        return new Decision(
                id,
                time,
                "follow",
                random.nextBoolean() ? Optional.empty() : Optional.of("user:é\n" + random.nextInt(50)),
                random.nextBoolean()
                        ? List.of()
                        : List.of(
                                new Decision.Arm("blend", "heavier", "ranking", random.nextInt(10_000)),
                                new Decision.Arm("other", "control", "l2", -1)),
                "r" + random.nextInt(3),
                Map.of("twhin-user", "abc+7", "topics", "def"),
                PlanFiles.digest("{}".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                random.nextBoolean() ? "" : "{\"surface\":\"follow\",\"source\":{\"id\":\"user:ü\"},\"k\":3}",
                shown,
                random.nextBoolean() ? List.of() : List.of("DEGRADED", "TIMEOUT"),
                random.nextInt(100_000));
    }

    static DecisionLog.Made made(Decision decision) {
        return new DecisionLog.Made(Kept.of(decision), "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
