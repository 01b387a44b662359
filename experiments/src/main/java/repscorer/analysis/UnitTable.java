package repscorer.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import repscorer.analysis.statistics.PairMoments;

/** What each unit saw and did, before the experiment and during it. O(units · measures) memory. Not safe for concurrent use. */
final class UnitTable {

    private static final int CROSSED = -2;
    private static final int UNEXPOSED = -1;

    private final Map<String, Unit> units = new HashMap<>();
    private final Map<String, Integer> measures = new LinkedHashMap<>();

    private static final class Unit {
        private int variant = UNEXPOSED;
        private double[] during = new double[0];
        private double[] before = new double[0];
    }

    /** Counts for a measure of a unit that was not exposed yet. */
    void before(String unit, String measure, double value) {
        Unit row = units.computeIfAbsent(unit, key -> new Unit());
        row.before = added(row.before, measure(measure), value);
    }

    /** Says which variant a unit is in; one that was in another is in none from then on. */
    void expose(String unit, int variant) {
        Unit row = units.computeIfAbsent(unit, key -> new Unit());
        row.variant = row.variant == UNEXPOSED || row.variant == variant ? variant : CROSSED;
    }

    void during(String unit, String measure, double value) {
        Unit row = units.get(unit);
        if (row == null) {
            throw new IllegalStateException("%s was not exposed".formatted(unit));
        }
        row.during = added(row.during, measure(measure), value);
    }

    long crossed() {
        return units.values().stream().filter(unit -> unit.variant == CROSSED).count();
    }

    /** Whether anything is known of before. */
    boolean hasBefore(String measure) {
        Integer column = measures.get(measure);
        return column != null
                && units.values().stream().anyMatch(unit -> unit.variant >= 0 && at(unit.before, column) != 0);
    }

    /** Pairs of measures by variant, over units that were exposed. */
    List<PairMoments> pairs(int variants, String x, String y) {
        return pairs(variants, measures.get(x), measures.get(y), false);
    }

    /** A measure during the experiment, with the same before it as x. */
    List<PairMoments> withBefore(int variants, String y) {
        return pairs(variants, measures.get(y), measures.get(y), true);
    }

    private List<PairMoments> pairs(int variants, @Nullable Integer x, @Nullable Integer y, boolean before) {
        List<PairMoments> moments = new ArrayList<>();
        for (int i = 0; i < variants; i++) {
            moments.add(new PairMoments());
        }
        for (Unit unit : units.values()) {
            if (unit.variant >= 0) {
                moments.get(unit.variant).add(at(before ? unit.before : unit.during, x), at(unit.during, y));
            }
        }
        return moments;
    }

    private int measure(String name) {
        return measures.computeIfAbsent(name, key -> measures.size());
    }

    private static double at(double[] values, @Nullable Integer column) {
        return column == null || column >= values.length ? 0 : values[column];
    }

    private static double[] added(double[] values, int column, double value) {
        double[] room = column < values.length ? values : Arrays.copyOf(values, column + 1);
        room[column] += value;
        return room;
    }
}
