package repscorer.core.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import repscorer.core.drift.Distribution;
import repscorer.core.drift.SpaceDrift;
import repscorer.core.gate.Gate.Held;
import repscorer.core.store.gate.GateResult;

/** What each space of a release is held to, compared with the live one. */
final class SpaceGates {

    /*
     * Agreement is stated relative to chance, as Cohen's kappa is: (seen - chance) / (1 - chance), where chance is what was seen of ids
     * that were paired at random, on the same rows. So a small space, one with few columns or one with hubs near everything asks no less
     * than another. Where chance alone agrees in half, or fewer than twenty ids are there, nothing can be told.
     *
     * Permuted ids agree as ids paired at random do: the value is 0 but for the spread of the mean, which for twenty ids and ten
     * neighbours is about .03.
     */

    private static final int DRAWN_MIN = 20;
    private static final double CHANCE_MAX = .5;

    private SpaceGates() {}

    static List<GateResult> counts(Held held) {
        return held.drift().stream()
                .filter(space -> before(space) > 0)
                .map(space -> {
                    GateBounds bounds = held.options().of(name(space));
                    return new GateResult(
                            "count",
                            name(space),
                            (double) (space.shared() + space.onlyB()) / before(space),
                            bounds.countMin(),
                            bounds.countMax());
                })
                .toList();
    }

    static List<GateResult> coverage(Held held) {
        return held.drift().stream()
                .filter(space -> before(space) > 0)
                .map(space -> GateResult.atLeast(
                        "coverage",
                        name(space),
                        (double) space.shared() / before(space),
                        held.options().of(name(space)).coverageMin()))
                .toList();
    }

    static List<GateResult> norms(Held held) {
        List<GateResult> results = new ArrayList<>();
        for (SpaceDrift space : held.drift()) {
            double most = held.options().of(name(space)).normShiftMax();
            space.dense().ifPresent(dense -> {
                Optional<Distribution> before = dense.normA();
                Optional<Distribution> after = dense.normB();
                if (before.isPresent() && after.isPresent()) {
                    shift("norm-p50", space, before.get().p50(), after.get().p50(), most, results);
                    shift("norm-p99", space, before.get().p99(), after.get().p99(), most, results);
                }
            });
            space.sparse()
                    .flatMap(SpaceDrift.Sparse::weightRatio)
                    .ifPresent(ratio -> shift("weight-p50", space, 1, ratio.p50(), most, results));
        }
        return results;
    }

    private static void shift(
            String gate, SpaceDrift space, double before, double after, double most, List<GateResult> results) {
        if (before > 0) {
            results.add(new GateResult(gate, name(space), after / before, 1 / most, most));
        }
    }

    static List<GateResult> neighbours(Held held) {
        List<GateResult> results = new ArrayList<>();
        for (SpaceDrift space : held.drift()) {
            space.neighbors()
                    .filter(each -> !each.lists().isEmpty())
                    .ifPresent(each -> aboveChance(
                            "neighbours",
                            space,
                            each.drawn(),
                            each.lists().getFirst().overlap().mean(),
                            each.chance(),
                            held.options().of(name(space)).neighboursMin(),
                            results));
        }
        return results;
    }

    /** Rows that are looked up alone: their neighbours are nobody's answer, and their columns are what they say. */
    static List<GateResult> rows(Held held) {
        List<GateResult> results = new ArrayList<>();
        for (SpaceDrift space : held.drift()) {
            boolean comparable =
                    space.rows() == SpaceDrift.Rows.ENTITIES || space.rows() == SpaceDrift.Rows.SAME_TRAINING;
            if (!comparable || space.neighbors().isPresent()) {
                continue;
            }
            space.sparse()
                    .flatMap(SpaceDrift.Sparse::jaccard)
                    .ifPresent(jaccard -> aboveChance(
                            "rows",
                            space,
                            jaccard.count(),
                            jaccard.mean(),
                            space.sparse().flatMap(SpaceDrift.Sparse::chance).orElse(0.0),
                            held.options().of(name(space)).rowsMin(),
                            results));
        }
        return results;
    }

    private static void aboveChance(
            String gate, SpaceDrift space, int drawn, double seen, double chance, double least, List<GateResult> into) {
        if (drawn >= DRAWN_MIN && chance < CHANCE_MAX) {
            double min = least > 0 ? least : Double.NEGATIVE_INFINITY; // what is below chance may pass too then
            into.add(GateResult.atLeast(gate, name(space), (seen - chance) / (1 - chance), min));
        }
    }

    private static int before(SpaceDrift space) {
        return space.shared() + space.onlyA();
    }

    private static String name(SpaceDrift space) {
        return space.space().name();
    }
}
