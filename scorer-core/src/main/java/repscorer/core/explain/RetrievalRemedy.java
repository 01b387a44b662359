package repscorer.core.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import repscorer.ann.SparseSearchOptions.Mode;
import repscorer.core.answer.WhyNot.Search;
import repscorer.core.candidates.CandidateResult;
import repscorer.core.entity.EntityId;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.Limits;
import repscorer.core.source.QueryVector;
import repscorer.core.store.SpaceVersion;

/**
 * Which one setting of which one column would have had a search find a candidate, and its least value. For one request and one
 * thread; some dozen searches of each column.
 */
final class RetrievalRemedy {

    /*
     * Each value is tried by the column's own search, and so is the next smaller one, which fails: a rank among all rows would say
     * less, as graphs miss some and lists are cut. Of several changes the one of the least number is told: how many are retrieved,
     * or read. A lower score-min costs nothing and comes first; a search of all rows comes last.
     */

    private static final double FREE = 0;
    private static final double DEAREST = Double.MAX_VALUE;

    private final CandidateResult result;
    private final EntityId id;
    private final List<Search> searches;

    RetrievalRemedy(CandidateResult result, EntityId id, List<Search> searches) {
        this.result = result;
        this.id = id;
        this.searches = searches;
    }

    /**
     * A setting that would have done.
     *
     * @param now its value
     * @param needed a value with which the search finds the candidate, when it does not with one less
     */
    record Change(String column, ColumnSetting setting, Object now, Object needed, double cost) {}

    /** The least change there is; empty where none of one setting would do. */
    Optional<Change> least() {
        List<Change> changes = new ArrayList<>();
        for (int c = 0; c < searches.size(); c++) {
            if (searches.get(c).missing().isEmpty()) {
                scoreMin(c).ifPresent(changes::add);
                int guess = searches.get(c).rank().orElse(1);
                least(c, ColumnSetting.RETRIEVE, guess, Limits.RETRIEVE_MAX).ifPresent(changes::add);
                if (plan(c) instanceof ColumnPlan.Sparse sparse && !sparse.exact()) {
                    changes.addAll(lists(c, sparse));
                }
                exact(c).ifPresent(changes::add);
            }
        }
        return changes.stream().min(Comparator.comparingDouble(Change::cost));
    }

    private ColumnPlan plan(int column) {
        return result.request().plan().columns().get(column);
    }

    private Optional<Change> scoreMin(int column) {
        ColumnPlan plan = plan(column);
        OptionalDouble score = found(column, ColumnSetting.SCORE_MIN, Double.NEGATIVE_INFINITY);
        return score.isPresent()
                ? Optional.of(
                        new Change(plan.name(), ColumnSetting.SCORE_MIN, plan.scoreMin(), score.getAsDouble(), FREE))
                : Optional.empty();
    }

    private Optional<Change> exact(int column) {
        ColumnPlan plan = plan(column);
        return !plan.exact() && found(column, ColumnSetting.EXACT, true).isPresent()
                ? Optional.of(new Change(plan.name(), ColumnSetting.EXACT, false, true, DEAREST))
                : Optional.empty();
    }

    /** What a search through clusters lacked: reach, or room. */
    private List<Change> lists(int column, ColumnPlan.Sparse plan) {
        List<Change> changes = new ArrayList<>();
        if (plan.mode() == Mode.RELEASED) {
            least(column, ColumnSetting.CANDIDATES_MAX, plan.candidatesMax() + 1, Limits.CANDIDATES_MAX)
                    .ifPresent(changes::add);
        }
        if (result.sources().get(column) instanceof QueryVector.Sparse source) {
            SpaceVersion version = result.request()
                    .trace()
                    .space(plan.candidates().getOrDefault(id.kind(), ""))
                    .orElseThrow();
            ClusterReach reach = ClusterReach.of(
                    source.vector(), version, version.ordinal(id).orElseThrow());
            met(column, ColumnSetting.ITEMS_PER_CLUSTER, reach.itemsNeeded(plan.clustersScanned()))
                    .ifPresent(changes::add);
            met(column, ColumnSetting.CLUSTERS_SCANNED, reach.clustersNeeded(plan.itemsPerCluster()))
                    .ifPresent(changes::add);
        }
        return changes;
    }

    /** A change of what is read to the value that just meets the candidate: more would meet more of its rivals too. */
    private Optional<Change> met(int column, ColumnSetting setting, OptionalInt needed) {
        int now = (int) setting.get(plan(column));
        return needed.isPresent()
                        && needed.getAsInt() > now
                        && setting.type().allows(needed.getAsInt())
                        && finds(column, setting, needed.getAsInt())
                        && !finds(column, setting, needed.getAsInt() - 1)
                ? Optional.of(change(column, setting, needed.getAsInt()))
                : Optional.empty();
    }

    private Optional<Change> least(int column, ColumnSetting setting, int guess, int max) {
        int now = (int) setting.get(plan(column));
        OptionalInt needed = LeastValue.above(now, guess, max, value -> finds(column, setting, value));
        return needed.isPresent() ? Optional.of(change(column, setting, needed.getAsInt())) : Optional.empty();
    }

    private Change change(int column, ColumnSetting setting, int needed) {
        ColumnPlan plan = plan(column);
        return new Change(plan.name(), setting, setting.get(plan), needed, needed);
    }

    private boolean finds(int column, ColumnSetting setting, int value) {
        return found(column, setting, value).isPresent();
    }

    private OptionalDouble found(int column, ColumnSetting setting, Object value) {
        return result.found(column, plan(column).toBuilder().set(setting, value).build(), id);
    }
}
