package repscorer.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import repscorer.testing.Seeds;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DecisionCodecTest {

    private static final Instant TIME = Instant.parse("2026-11-29T20:15:01.123Z");

    @Test
    void whatIsWrittenIsReadToTheLastDigit() {
        RandomGenerator random = Seeds.random("DecisionCodecTest");
        for (int i = 0; i < 300; i++) {
            Kept kept = new Kept(
                    MadeUp.decision(random, TIME.plusMillis(i)),
                    random.nextBoolean() ? List.of() : List.of(new Kept.Notice("twhin", "DEGRADED", "ef 3 for 5")));
            byte[] line = DecisionCodec.encode(kept);
            assertThat(new String(line, StandardCharsets.UTF_8))
                    .endsWith("}\n")
                    .startsWith(DecisionCodec.beginning(kept.decision().id()));
            assertThat(new String(line, 0, line.length - 1, StandardCharsets.UTF_8))
                    .doesNotContain("\n");
            assertThat(DecisionCodec.decode(Arrays.copyOf(line, line.length - 1)))
                    .isEqualTo(kept);
        }
    }

    @Test
    void aLineIsPlainJsonForOtherReaders() {
        Decision decision = new Decision(
                "0193",
                TIME,
                "follow",
                java.util.Optional.of("user:7"),
                List.of(new Decision.Arm("blend", "b", "ranking", 12)),
                "r1",
                java.util.Map.of("s", "v"),
                "abc",
                "{\"k\":3}",
                List.of(new Decision.Shown(
                        "user:1", 1.5, java.util.Map.of("twhin", .25), .5, java.util.Optional.of("b"))),
                List.of("DEGRADED"),
                7);
        JsonNode json = JsonMapper.shared().readTree(DecisionCodec.encode(Kept.of(decision)));
        assertThat(json).isEqualTo(JsonMapper.shared().readTree("""
                {"id":"0193","time":"2026-11-29T20:15:01.123Z","surface":"follow","unit":"user:7",
                 "arms":[{"experiment":"blend","variant":"b","layer":"ranking","bucket":12}],
                 "release":"r1","versions":{"s":"v"},"plan":"abc","request":{"k":3},
                 "candidates":[{"candidate":"user:1","score":1.5,"columns":{"twhin":0.25},"propensity":0.5,"team":"b"}],
                 "degraded":["DEGRADED"],"micros":7}"""));
    }

    @Test
    void keysOfLaterVersionsAreReadOver() {
        byte[] line =
                "{\"id\":\"1\",\"later\":{\"a\":[1]},\"time\":\"2026-11-29T20:15:01Z\",\"candidates\":[{\"candidate\":\"a:1\",\"score\":1,\"x\":[{}]}]}"
                        .getBytes(StandardCharsets.UTF_8);
        assertThat(DecisionCodec.decode(line).decision().candidates()).hasSize(1);
    }

    @Test
    void whatIsNoDecisionIsRefused() {
        for (String bad : List.of("", "[]", "{\"id\":\"1\"}", "{\"id\":", "{\"time\":\"2026-11-29T20:15:01Z\"}")) {
            assertThatThrownBy(() -> DecisionCodec.decode(bad.getBytes(StandardCharsets.UTF_8)))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anIdTellsItsMillisecond() {
        String id = MadeUp.id(Seeds.random("DecisionCodecTest"), TIME);
        assertThat(DecisionIds.millis(id)).isEqualTo(TIME.toEpochMilli());
        for (String bad : List.of(
                "",
                "x",
                id.substring(1),
                id.toUpperCase(java.util.Locale.ROOT),
                "0193e1a0-0000-4000-8000-000000000001")) {
            assertThatThrownBy(() -> DecisionIds.millis(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
