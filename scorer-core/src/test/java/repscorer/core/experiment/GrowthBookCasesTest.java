package repscorer.core.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@DisplayName("Issue 19: GrowthBook's arms are ours")
class GrowthBookCasesTest {

    private static final String FILE = "growthbook/cases.json";

    /** Every case of the file, each a test. */
    @TestFactory
    Stream<DynamicNode> cases() {
        return OutsideCases.read(FILE).map(GrowthBookCasesTest::tests).orElseGet(() -> OutsideCases.skipped(FILE));
    }

    private static Stream<DynamicNode> tests(JsonNode file) {
        List<DynamicNode> tests = new ArrayList<>();
        for (JsonNode each : OutsideCases.list(file.path("hash"))) {
            tests.add(OutsideCases.test("hash " + each, () -> hash(each)));
        }
        for (JsonNode each : OutsideCases.list(file.path("getBucketRange"))) {
            tests.add(OutsideCases.test("ranges: " + each.get(0).asString(), () -> ranges(each)));
        }
        for (JsonNode each : OutsideCases.list(file.path("chooseVariation"))) {
            tests.add(OutsideCases.test("choice: " + each.get(0).asString(), () -> choice(each)));
        }
        for (JsonNode each : OutsideCases.list(file.path("inNamespace"))) {
            tests.add(OutsideCases.test("namespace: " + each.get(0).asString(), () -> namespace(each)));
        }
        for (JsonNode each : OutsideCases.list(file.path("getEqualWeights"))) {
            tests.add(OutsideCases.test("equal weights " + each, () -> equalWeights(each)));
        }
        assertThat(tests).hasSize(15 + 13 + 13 + 16 + 6);
        return tests.stream();
    }

    private static void hash(JsonNode each) {
        int version = each.get(2).asInt();
        var place = GrowthBook.hash(each.get(0).asString(), each.get(1).asString(), version);
        if (each.get(3).isNull()) {
            assertThat(place).isEmpty();
        } else {
            assertThat(place).hasValue(each.get(3).asDouble());
        }
    }

    private static void ranges(JsonNode each) {
        JsonNode in = each.get(1);
        GrowthBook.Range[] ranges = GrowthBook.ranges(
                in.get(0).asInt(), in.get(1).asDouble(), in.get(2).isNull() ? new double[0] : doubles(in.get(2)));
        GrowthBook.Range[] expected = ranges(OutsideCases.list(each.get(2)));
        assertThat(ranges).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(ranges[i].start()).isCloseTo(expected[i].start(), within(1e-9));
            assertThat(ranges[i].end()).isCloseTo(expected[i].end(), within(1e-9));
        }
    }

    private static void choice(JsonNode each) {
        GrowthBook.Range[] ranges = ranges(OutsideCases.list(each.get(2)));
        assertThat(GrowthBook.choose(each.get(1).asDouble(), ranges))
                .isEqualTo(each.get(3).asInt());
    }

    /** A namespace is a layer, and its range the experiment's buckets. */
    private static void namespace(JsonNode each) {
        JsonNode namespace = each.get(2);
        Experiment experiment = new Experiment(
                "e",
                "follow",
                namespace.get(0).asString(),
                "e",
                Bucketing.GROWTHBOOK_1,
                bucket(namespace.get(1)),
                bucket(namespace.get(2)),
                List.of(new Variant("only", 1, Map.of())),
                true,
                Schedule.ALWAYS,
                Eligibility.ANYTHING,
                Map.of());
        assertThat(new Assigner(List.of(experiment))
                        .assign("follow", each.get(1).asString(), Traits.NONE, 0))
                .hasSize(each.get(3).asBoolean() ? 1 : 0);
    }

    private static int bucket(JsonNode share) {
        return (int) Math.rint(share.asDouble() * Experiment.BUCKETS);
    }

    private static void equalWeights(JsonNode each) {
        double[] expected = doubles(each.get(1));
        assertThat(GrowthBook.equalWeights(each.get(0).asInt())).containsExactly(expected, within(1e-8));
    }

    private static double[] doubles(JsonNode array) {
        return OutsideCases.list(array).stream().mapToDouble(JsonNode::asDouble).toArray();
    }

    private static GrowthBook.Range[] ranges(List<JsonNode> pairs) {
        return pairs.stream()
                .map(pair ->
                        new GrowthBook.Range(pair.get(0).asDouble(), pair.get(1).asDouble()))
                .toArray(GrowthBook.Range[]::new);
    }

    /** Worked out by hand from the published hash values of "a" and "foobar", and the way in GrowthBook's documents. */
    @ParameterizedTest
    @CsvSource({"'',a,1,0.22", "bar,foo,1,0.72"})
    void theFirstHashIsTheThousandthsOfFnv1aOverValueAndSeed(String seed, String value, int version, double place) {
        assertThat(GrowthBook.hash(seed, value, version)).hasValue(place);
    }

    @Test
    void anExperimentIsDealtByTheseRanges() {
        Experiment halved = new Experiment(
                "e",
                "follow",
                "l",
                "my-test",
                Bucketing.GROWTHBOOK_2,
                0,
                Experiment.BUCKETS,
                List.of(new Variant("a", 40, Map.of()), new Variant("b", 60, Map.of())),
                true,
                new Schedule(
                        Optional.empty(), Optional.empty(), List.of(new Schedule.Step(Instant.EPOCH, 5_000, Map.of()))),
                Eligibility.ANYTHING,
                Map.of());
        Assigner assigner = new Assigner(List.of(halved));
        for (int i = 0; i < 2_000; i++) {
            String unit = Integer.toString(i);
            double place = GrowthBook.hash("my-test", unit, 2).orElseThrow();
            String expected = place < 0.2 ? "a" : place >= 0.4 && place < 0.7 ? "b" : "";
            assertThat(assigner.assign("follow", unit, Traits.NONE, 0).stream()
                            .map(assignment -> assignment.variant().name())
                            .findFirst()
                            .orElse(""))
                    .as("%s at %s", unit, place)
                    .isEqualTo(expected);
        }
        assertThat(DoubleStream.of(GrowthBook.equalWeights(3)).sum()).isCloseTo(1, within(1e-12));
    }
}
