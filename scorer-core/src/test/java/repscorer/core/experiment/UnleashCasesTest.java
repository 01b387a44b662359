package repscorer.core.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import repscorer.testing.Seeds;
import tools.jackson.databind.JsonNode;

/**
 * A feature is an experiment: its name the salt, its roll-out a step of a ramp, its variants' overrides forced units, and the value
 * that it sticks to the unit.
 */
@DisplayName("Issue 19: Unleash's arms are ours")
class UnleashCasesTest {

    private static final String VARIANTS = "unleash/08-variants.json";
    private static final String ROLL_OUTS = "unleash/10-flexible-rollout-strategy.json";

    @TestFactory
    Stream<DynamicNode> variants() {
        return OutsideCases.read(VARIANTS)
                .map(file -> tests(file, "variantTests", 17))
                .orElseGet(() -> OutsideCases.skipped(VARIANTS));
    }

    @TestFactory
    Stream<DynamicNode> rollOuts() {
        return OutsideCases.read(ROLL_OUTS)
                .map(file -> tests(file, "tests", 10))
                .orElseGet(() -> OutsideCases.skipped(ROLL_OUTS));
    }

    private static Stream<DynamicNode> tests(JsonNode file, String list, int count) {
        List<DynamicNode> tests = new ArrayList<>();
        for (JsonNode each : OutsideCases.list(file.path(list))) {
            tests.add(OutsideCases.test(each.path("description").asString(), () -> check(file, each)));
        }
        assertThat(tests).hasSize(count);
        return tests.stream();
    }

    private static void check(JsonNode file, JsonNode test) {
        Optional<JsonNode> feature = file.path("state")
                .path("features")
                .valueStream()
                .filter(each -> each.path("name")
                        .asString()
                        .equals(test.path("toggleName").asString()))
                .findFirst();
        JsonNode expected = test.path("expectedResult");
        if (feature.isEmpty()) {
            assertThat(new Assigner(List.of()).assign("s", "1", Traits.NONE, 0)).isEmpty();
            assertThat(expected.path("enabled").asBoolean()).isFalse();
            return;
        }
        if (feature.get().path("variants").isArray()
                && feature.get().path("variants").isEmpty()) {
            assertThatIllegalArgumentException().isThrownBy(() -> experiment(feature.get()));
            assertThat(expected.path("name").asString()).isEqualTo("disabled");
            return;
        }
        Optional<String> variant = unit(feature.get(), test.path("context"))
                .flatMap(unit -> new Assigner(List.of(experiment(feature.get())))
                        .assign("s", unit, Traits.NONE, 0).stream().findFirst())
                .map(assignment -> assignment.variant().name());
        if (expected.isBoolean()) {
            assertThat(variant.isPresent()).isEqualTo(expected.asBoolean());
        } else {
            assertThat(variant.orElse("disabled"))
                    .isEqualTo(expected.path("name").asString());
            assertThat(variant.isPresent()).isEqualTo(expected.path("enabled").asBoolean());
        }
    }

    private static Optional<String> unit(JsonNode feature, JsonNode context) {
        String stickiness = feature.path("strategies")
                .path(0)
                .path("parameters")
                .path("stickiness")
                .asString("default");
        if (!stickiness.equals("default")) {
            return context.path(stickiness).asStringOpt();
        }
        return Optional.of(context.path("userId")
                .asStringOpt()
                .or(() -> context.path("sessionId").asStringOpt())
                .orElseGet(() -> "random-" + Seeds.random("UnleashCasesTest").nextInt()));
    }

    private static Experiment experiment(JsonNode feature) {
        String name = feature.path("name").asString();
        List<Variant> variants = new ArrayList<>();
        Map<String, String> forced = new HashMap<>();
        for (JsonNode variant : OutsideCases.list(feature.path("variants"))) {
            variants.add(new Variant(
                    variant.path("name").asString(), variant.path("weight").asInt(), Map.of()));
            for (JsonNode override : OutsideCases.list(variant.path("overrides"))) {
                assertThat(override.path("contextName").asString()).isEqualTo("userId");
                for (JsonNode unit : OutsideCases.list(override.path("values"))) {
                    forced.put(unit.asString(), variant.path("name").asString());
                }
            }
        }
        if (feature.path("variants").isMissingNode()) {
            variants.add(new Variant("on", 1, Map.of()));
        }
        JsonNode rollOut = feature.path("strategies").path(0).path("parameters").path("rollout");
        Schedule schedule = rollOut.isMissingNode()
                ? Schedule.ALWAYS
                : new Schedule(
                        Optional.empty(),
                        Optional.empty(),
                        List.of(new Schedule.Step(
                                Instant.EPOCH, Integer.parseInt(rollOut.asString()) * 100, Map.of())));
        return new Experiment(
                "e",
                "s",
                "l",
                name,
                Bucketing.UNLEASH,
                0,
                Experiment.BUCKETS,
                variants,
                feature.path("enabled").asBoolean(),
                schedule,
                Eligibility.ANYTHING,
                forced);
    }

    @Test
    void aWholePercentIsAskedFor() {
        Variant only = new Variant("on", 1, Map.of());
        Schedule half = new Schedule(
                Optional.empty(), Optional.empty(), List.of(new Schedule.Step(Instant.EPOCH, 150, Map.of())));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Experiment(
                        "e",
                        "s",
                        "l",
                        "e",
                        Bucketing.UNLEASH,
                        0,
                        10_000,
                        List.of(only),
                        true,
                        half,
                        Eligibility.ANYTHING,
                        Map.of()))
                .withMessage("ramp of bucketing unleash has whole percents: 150 of 10000 at 1970-01-01T00:00:00Z");
    }
}
