package repscorer.core.retrieve;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds all entities whose blended score is among the best k, over everything there is, by bounds from every column. Starts
 * from candidates whose scores are known. For one query and one thread.
 */
public final class BlendSearch {

    /*
     * The blend is Σ weight · (slope · x + shift) over the columns an entity has, scaled by the sum of all weights over the
     * sum of those: what Blender computes for affine normalisers whose statistics are given. With slopes that are not
     * negative, an upper bound of each x makes one of the score.
     *
     * Entities go through in blocks. Each starts with the bounds that hold for all rows; column after column replaces its own
     * by the row's bound, and an entity whose score can no longer reach the k-th best is dropped: first by posting lists, a
     * look into an array each, then by byte codes, a few nanoseconds each. The few that are left are scored exactly. An entity
     * that is dropped before the dense side is never read there, and when even the bounds that hold for all rows are too low,
     * the search is over: so each side ends the other early.
     *
     * [1] Fagin, Lotem and Naor: Optimal aggregation algorithms for middleware. JCSS 66 (2003), whose threshold this is, with
     * scans in the place of sorted lists.
     */

    private static final int BLOCK = 2048;

    /** Sums taken in two orders differ by less than this, of scores above 1 in proportion. */
    private static final double SLACK = 1e-9;

    private final Terms[] terms;
    private final double weights;

    /** The best scores so far, ascending once there are k. */
    private final double[] best;

    private int bestSize;
    private double gap;
    private long exact;
    private long bounded;

    private final int[] entities = new int[BLOCK];
    private final double[][] uppers;
    private final double[] scales = new double[BLOCK];
    private final int[] ordinals = new int[BLOCK];
    private final int[] places = new int[BLOCK];
    private final double[] columnUppers = new double[BLOCK];
    private final double[] scaleByMask;

    /**
     * How a column takes part.
     *
     * @param weight at least 0
     * @param slope at least 0; the value on the common scale is slope · x + shift
     */
    public record Terms(double weight, double slope, double shift) {

        public Terms {
            if (!(weight >= 0) || !(slope >= 0) || !Double.isFinite(shift)) {
                throw new IllegalArgumentException("weight and slope must be at least 0, shift finite: %s, %s, %s"
                        .formatted(weight, slope, shift));
            }
        }

        double of(double x) {
            // A column that does not count must not turn an infinite bound into NaN.
            return weight == 0 ? 0 : weight * ((slope == 0 ? 0 : slope * x) + shift);
        }
    }

    /** Takes the entities found. */
    @FunctionalInterface
    public interface Sink {
        void found(int entity, double score);
    }

    /**
     * @param terms one per column
     * @param k how many are the best
     */
    public BlendSearch(List<Terms> terms, int k) {
        this.terms = terms.toArray(Terms[]::new);
        this.weights = terms.stream().mapToDouble(Terms::weight).sum();
        this.best = new double[k];
        this.uppers = new double[terms.size()][BLOCK];
        this.scaleByMask = new double[1 << terms.size()];
    }

    /** Counts a candidate whose score is known. */
    public void known(double score) {
        offer(score);
    }

    /** What an entity must score to be among the best: the k-th best score so far. */
    public double threshold() {
        return bestSize < best.length ? Double.NEGATIVE_INFINITY : best[0];
    }

    /**
     * Goes through all entities of a kind.
     *
     * @param columns one per term, null where the kind or the source has none
     * @param fresh whether an entity may be answered and is not known yet
     * @param sink takes every entity that reached the threshold of its moment
     * @param deadlineNanos of {@link System#nanoTime()}; what is left then adds to the gap
     */
    public void search(
            Universe universe, List<@Nullable BlendColumn> columns, IntPredicate fresh, Sink sink, long deadlineNanos) {
        double[] upperOfAll = new double[terms.length];
        for (int c = 0; c < terms.length; c++) {
            BlendColumn column = columns.get(c);
            upperOfAll[c] = column == null ? 0 : column.upperOfAll();
        }
        for (int mask = 0; mask < scaleByMask.length; mask++) {
            scaleByMask[mask] = scale(mask, columns);
        }
        double greatest = greatest(universe, columns, upperOfAll);
        for (int from = 0; from < universe.size(); from += BLOCK) {
            if (!reaches(greatest)) {
                return;
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                double threshold = threshold();
                gap = Math.max(
                        gap, threshold == Double.NEGATIVE_INFINITY ? Double.POSITIVE_INFINITY : greatest - threshold);
                return;
            }
            block(universe, columns, upperOfAll, from, Math.min(universe.size(), from + BLOCK), fresh, sink);
        }
    }

    /** What the best entity could score at most. */
    private double greatest(Universe universe, List<@Nullable BlendColumn> columns, double[] upperOfAll) {
        double greatest = Double.NEGATIVE_INFINITY;
        for (int mask = 0; mask < 1 << terms.length; mask++) {
            if (universe.has(mask)) {
                double scale = scaleByMask[mask];
                double sum = 0;
                for (int c = 0; c < terms.length; c++) {
                    sum += columns.get(c) == null || (mask >> c & 1) == 0 ? 0 : terms[c].of(upperOfAll[c]);
                }
                greatest = scale > 0 ? Math.max(greatest, scale * sum) : greatest;
            }
        }
        return greatest + SLACK * Math.abs(greatest);
    }

    /** What the weights an entity has are multiplied by; 0 where it has none that count. */
    private double scale(int mask, List<@Nullable BlendColumn> columns) {
        double present = 0;
        for (int c = 0; c < terms.length; c++) {
            present += columns.get(c) == null || (mask >> c & 1) == 0 ? 0 : terms[c].weight;
        }
        return present > 0 ? weights / present : 0;
    }

    private boolean reaches(double bound) {
        double threshold = threshold();
        return bound >= threshold - SLACK * Math.max(1, Math.abs(threshold));
    }

    private void block(
            Universe universe,
            List<@Nullable BlendColumn> columns,
            double[] upperOfAll,
            int from,
            int to,
            IntPredicate fresh,
            Sink sink) {
        int left = 0;
        for (int entity = from; entity < to; entity++) {
            double scale = scaleByMask[universe.mask(entity)];
            if (scale > 0) {
                entities[left] = entity;
                scales[left] = scale;
                for (int c = 0; c < terms.length; c++) {
                    uppers[c][left] =
                            columns.get(c) == null || universe.ordinal(c, entity) < 0 ? 0 : terms[c].of(upperOfAll[c]);
                }
                left++;
            }
        }
        left = dropped(left);
        for (int pass = 0; pass < 2; pass++) {
            for (int c = 0; c < terms.length; c++) {
                BlendColumn column = columns.get(c);
                if (column != null && (column instanceof BlendColumn.Sparse) == (pass == 0)) {
                    left = refined(universe, column, c, left);
                }
            }
        }
        bounded += to - from;
        for (int i = 0; i < left; i++) {
            if (reaches(scales[i] * sum(i)) && fresh.test(entities[i])) {
                exactly(universe, columns, i, sink);
            }
        }
    }

    private double sum(int place) {
        double sum = 0;
        for (double[] column : uppers) {
            sum += column[place];
        }
        return sum;
    }

    /** Replaces a column's bounds by those of the rows and drops who can no longer reach the threshold. */
    private int refined(Universe universe, BlendColumn column, int c, int left) {
        int n = 0;
        for (int i = 0; i < left; i++) {
            int ordinal = universe.ordinal(c, entities[i]);
            if (ordinal >= 0) {
                ordinals[n] = ordinal;
                places[n++] = i;
            }
        }
        column.uppers(ordinals, n, columnUppers);
        double[] into = uppers[c];
        for (int i = 0; i < n; i++) {
            into[places[i]] = terms[c].of(columnUppers[i]);
        }
        return dropped(left);
    }

    private int dropped(int left) {
        double threshold = threshold();
        double floor = threshold - SLACK * Math.max(1, Math.abs(threshold));
        int kept = 0;
        for (int i = 0; i < left; i++) {
            if (scales[i] * sum(i) >= floor) {
                if (kept < i) {
                    entities[kept] = entities[i];
                    scales[kept] = scales[i];
                    for (double[] column : uppers) {
                        column[kept] = column[i];
                    }
                }
                kept++;
            }
        }
        return kept;
    }

    private void exactly(Universe universe, List<@Nullable BlendColumn> columns, int place, Sink sink) {
        exact++;
        for (int c = 0; c < terms.length; c++) {
            BlendColumn column = columns.get(c);
            int ordinal = universe.ordinal(c, entities[place]);
            if (column != null && ordinal >= 0) {
                uppers[c][place] = terms[c].of(column.exact(ordinal));
                if (!reaches(scales[place] * sum(place))) {
                    return;
                }
            }
        }
        double score = scales[place] * sum(place);
        offer(score);
        sink.found(entities[place], score);
    }

    private void offer(double score) {
        if (bestSize < best.length) {
            best[bestSize++] = score;
            if (bestSize == best.length) {
                Arrays.sort(best);
            }
        } else if (score > best[0]) {
            // The least leaves; the rest is sorted, so the new one moves up to its place.
            int at = 0;
            while (at + 1 < best.length && best[at + 1] < score) {
                best[at] = best[at + 1];
                at++;
            }
            best[at] = score;
        }
    }

    /** Whether no entity was left unseen that could be among the best. */
    public boolean optimal() {
        return gap == 0;
    }

    /** No entity that was left unseen scores more than {@link #threshold} and this; 0 where none was. */
    public double gap() {
        return gap;
    }

    /** How many entities were scored exactly. */
    public long exact() {
        return exact;
    }

    /** How many entities were bounded. */
    public long bounded() {
        return bounded;
    }
}
