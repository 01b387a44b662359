package repscorer.core.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AssignerTest {

    private static Experiment experiment(String name, String layer, int from, int to, boolean enabled) {
        return new Experiment(
                name,
                "follow",
                layer,
                "salt-" + name,
                from,
                to,
                List.of(new Variant("control", 1, Map.of()), new Variant("treatment", 3, Map.of("k", "v"))),
                enabled);
    }

    /** Whoever analyses an experiment recomputes these: they must never change. The buckets are checked with another tool. */
    @Test
    void fixedVectors() {
        assertThat(Assigner.bucket("ranking", "user:1")).isEqualTo(6_853);
        assertThat(Assigner.bucket("ranking", "user:2")).isEqualTo(1_787);
        assertThat(Assigner.bucket("retrieval", "user:1")).isEqualTo(337);
        assertThat(Assigner.bucket("ranking", "gerät:é")).isEqualTo(6_816);
        Assigner assigner = new Assigner(List.of(experiment("blend", "ranking", 0, 10_000, true)));
        assertThat(List.of("user:1", "user:2", "user:3", "user:4", "user:5", "user:6"))
                .map(unit -> assigner.assign("follow", unit, Traits.NONE, 0)
                        .getFirst()
                        .variant()
                        .name())
                .containsExactly("control", "treatment", "control", "control", "control", "treatment");
    }

    @Test
    void variantsGetTheirSharesAndEveryUnitOne() {
        Assigner assigner = new Assigner(List.of(experiment("a", "l", 0, 10_000, true)));
        Map<String, Integer> counts = new HashMap<>();
        int units = 20_000;
        for (int i = 0; i < units; i++) {
            counts.merge(
                    assigner.assign("follow", "user:" + i, Traits.NONE, 0)
                            .getFirst()
                            .variant()
                            .name(),
                    1,
                    Integer::sum);
        }
        // Standard deviation of a share of 1/4 over 20,000 units: 0.0031; five of them.
        assertThat(counts.getOrDefault("control", 0) / (double) units).isBetween(0.25 - 0.0155, 0.25 + 0.0155);
    }

    @Test
    void bucketsAreEven() {
        int[] tenths = new int[10];
        for (int i = 0; i < 20_000; i++) {
            tenths[Assigner.bucket("l", "user:" + i) / 1_000]++;
        }
        for (int tenth : tenths) {
            assertThat(tenth).isBetween(2_000 - 212, 2_000 + 212); // five standard deviations
        }
    }

    @Test
    void experimentsOfALayerNeverShareAUnitAndOthersAreIndependent() {
        Assigner assigner = new Assigner(List.of(
                experiment("b", "l", 5_000, 10_000, true),
                experiment("a", "l", 0, 5_000, true),
                experiment("c", "m", 0, 5_000, true)));
        int both = 0;
        for (int i = 0; i < 4_000; i++) {
            List<String> names = assigner.assign("user:" + i, 0).stream()
                    .map(assignment -> assignment.experiment().name())
                    .toList();
            assertThat(names).isSorted();
            assertThat(names.contains("a")).isNotEqualTo(names.contains("b"));
            both += names.contains("a") && names.contains("c") ? 1 : 0;
        }
        assertThat(both / 4_000.0).isBetween(0.215, 0.285);
    }

    @Test
    void onlyTheSurfacesAndEnabledExperimentsAssign() {
        Assigner assigner =
                new Assigner(List.of(experiment("a", "l", 0, 10_000, false), experiment("b", "m", 0, 10_000, true)));
        assertThat(assigner.assign("follow", "user:1", Traits.NONE, 0))
                .extracting(a -> a.experiment().name())
                .containsExactly("b");
        assertThat(assigner.assign("search", "user:1", Traits.NONE, 0)).isEmpty();
        assertThat(assigner.assign("user:1", 0)).hasSize(1);
        assertThat(assigner.experiments()).extracting(Experiment::name).containsExactly("a", "b");
        assertThat(new Assigner(List.of(experiment("z", "l", 7, 7, true))).assign("user:1", 0))
                .isEmpty();
    }

    @Test
    void refusesOverlapsAndRepeatedNames() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Assigner(
                        List.of(experiment("a", "l", 0, 5_001, true), experiment("b", "l", 5_000, 6_000, true))))
                .withMessage(
                        "experiments of a layer must not share buckets: a has 0 to 5001, b has 5000 to 6000 (layer l)");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new Assigner(List.of(experiment("a", "l", 0, 1, true), experiment("a", "m", 0, 1, true))))
                .withMessage("experiment names must differ: 'a' twice");
        assertThat(new Assigner(List.of(experiment("a", "l", 0, 9, true), experiment("b", "l", 0, 9, false)))
                        .experiments())
                .hasSize(2);
    }
}
