package repscorer.decisions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import repscorer.testing.Seeds;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DecisionCodecTest {

    private static final Instant TIME = Instant.parse("2026-11-29T20:15:01.123Z");

    private static byte[] line(Kept kept) {
        DecisionEncoder encoder = new DecisionEncoder();
        encoder.add(kept);
        return Arrays.copyOf(encoder.bytes(), encoder.length());
    }

    @Test
    void linesStandBehindEachOtherAndAreCutOff() {
        RandomGenerator random = Seeds.random("DecisionCodecTest");
        DecisionEncoder encoder = new DecisionEncoder();
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            Kept kept = Kept.of(MadeUp.decision(random, TIME.plusMillis(i)));
            int before = encoder.length();
            encoder.add(kept);
            if (random.nextInt(3) == 0) {
                encoder.cut(before);
            } else {
                expected.append(new String(line(kept), StandardCharsets.UTF_8));
            }
        }
        assertThat(new String(encoder.bytes(), 0, encoder.length(), StandardCharsets.UTF_8))
                .isEqualTo(expected.toString());
        encoder.clear();
        assertThat(encoder.length()).isZero();
    }

    @Test
    void columnsThatShareTheirNamesAreWrittenAsOthersAre() {
        RandomGenerator random = Seeds.random("DecisionCodecTest");
        String[] columns = {"twhin", "a \"b\"", "sim,clusters", "é"};
        ColumnScores.Names names = ColumnScores.Names.of(columns);
        for (int i = 0; i < 200; i++) {
            double[] values = new double[6];
            Map<String, Double> plain = new TreeMap<>();
            for (int j = 0; j < columns.length; j++) {
                values[2 + j] = random.nextInt(3) == 0 ? Double.NaN : random.nextGaussian();
                if (!Double.isNaN(values[2 + j])) {
                    plain.put(columns[j], values[2 + j]);
                }
            }
            ColumnScores scores = ColumnScores.of(names, values, 2);
            assertThat(scores).isEqualTo(plain).hasSameSizeAs(plain);
            assertThat(plain).isEqualTo(scores).hasSameHashCodeAs(scores);
            for (String column : columns) {
                assertThat(scores.get(column)).isEqualTo(plain.get(column));
                assertThat(scores.containsKey(column)).isEqualTo(plain.containsKey(column));
            }
            assertThat(scores.get("none")).isNull();
            assertThat(line(shown(scores))).isEqualTo(line(shown(plain)));
            assertThat(scores).hasSize(plain.size());
        }
        assertThatThrownBy(() -> ColumnScores.Names.of("a", "b", "a")).hasMessageContaining("twice: a");
    }

    private static Kept shown(Map<String, Double> columns) {
        return Kept.of(new Decision(
                "0193",
                TIME,
                "follow",
                Optional.empty(),
                List.of(),
                "r1",
                Map.of(),
                "abc",
                "",
                List.of(new Decision.Shown("user:1", 1e-7, columns, 1, Optional.empty())),
                List.of(),
                7));
    }

    @Test
    void everyCharacterOfATextComesBack() {
        for (char c = 0; c < 0x3000; c++) {
            String text = "x" + c + "\"\\y\uD83D\uDE00";
            Kept kept = new Kept(shown(Map.of()).decision(), List.of(new Kept.Notice(text, "", text)));
            byte[] line = line(kept);
            assertThat(DecisionCodec.decode(Arrays.copyOf(line, line.length - 1)))
                    .isEqualTo(kept);
        }
    }

    @Test
    void whatIsWrittenIsReadToTheLastDigit() {
        RandomGenerator random = Seeds.random("DecisionCodecTest");
        for (int i = 0; i < 300; i++) {
            Kept kept = new Kept(
                    MadeUp.decision(random, TIME.plusMillis(i)),
                    random.nextBoolean() ? List.of() : List.of(new Kept.Notice("twhin", "DEGRADED", "ef 3 for 5")));
            byte[] line = line(kept);
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
                Optional.of("user:7"),
                List.of(new Decision.Arm("blend", "b", "ranking", 12)),
                "r1",
                Map.of("s", "v"),
                "abc",
                "{\"k\":3}",
                List.of(new Decision.Shown("user:1", 1.5, Map.of("twhin", .25), .5, Optional.of("b"))),
                List.of("DEGRADED"),
                7);
        JsonNode json = JsonMapper.shared().readTree(line(Kept.of(decision)));
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
