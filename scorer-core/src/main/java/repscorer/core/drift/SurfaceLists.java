package repscorer.core.drift;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.request.ComputePermits;
import repscorer.core.store.Snapshot;

/** Asks a surface for drawn sources of two releases. For one thread. */
final class SurfaceLists {

    private static final int K = 10;
    private static final int WORST_SHOWN = 5;

    private final Snapshot a;
    private final Snapshot b;
    private final Map<String, SharedRows> rows;
    private final SurfaceAnswers answers;
    private final int sourcesMax;
    private @Nullable String reason;

    /** @param rows drawn from each space that both releases have */
    SurfaceLists(Snapshot a, Snapshot b, Map<String, SharedRows> rows, SurfaceAnswers answers, int sourcesMax) {
        this.a = a;
        this.b = b;
        this.rows = rows;
        this.answers = answers;
        this.sourcesMax = sourcesMax;
    }

    SurfaceDrift of(ScoringPlan plan) {
        reason = null;
        int unansweredA = 0;
        int unansweredB = 0;
        List<List<EntityId>> first = new ArrayList<>();
        List<List<EntityId>> second = new ArrayList<>();
        List<SurfaceDrift.Worst> pairs = new ArrayList<>();
        List<EntityId> sources = sources(plan);
        for (EntityId source : sources) {
            ComputePermits.checkTime();
            List<EntityId> left = best(a, plan, source);
            List<EntityId> right = best(b, plan, source);
            unansweredA += left.isEmpty() ? 1 : 0;
            unansweredB += right.isEmpty() ? 1 : 0;
            if (!left.isEmpty() && !right.isEmpty()) {
                first.add(left);
                second.add(right);
                pairs.add(new SurfaceDrift.Worst(
                        source, RankOverlap.overlap(left, right, K), RankOverlap.biased(left, right, K), left, right));
            }
        }
        List<SurfaceDrift.Worst> worst = pairs.stream()
                .filter(each -> each.rankBiasedOverlap() < 1)
                .sorted(Comparator.comparingDouble(SurfaceDrift.Worst::rankBiasedOverlap))
                .limit(WORST_SHOWN)
                .toList();
        return new SurfaceDrift(
                plan.surface(),
                sources.size(),
                unansweredA,
                unansweredB,
                Optional.ofNullable(reason),
                ListDrift.of(K, first, second),
                worst);
    }

    private List<EntityId> best(Snapshot release, ScoringPlan plan, EntityId source) {
        try {
            List<EntityId> best = answers.best(release.release(), plan.surface(), source, K);
            if (best.isEmpty() && reason == null) {
                reason = "%s: no candidates for %s".formatted(release.release(), source);
            }
            return best;
        } catch (ScorerException.Overloaded e) {
            throw e;
        } catch (ScorerException e) {
            reason = reason == null ? "%s: %s".formatted(release.release(), e.getMessage()) : reason;
            return List.of();
        }
    }

    /** As many of each kind of source that the surface takes, from the first of its columns whose space both have. */
    private List<EntityId> sources(ScoringPlan plan) {
        Map<EntityKind, String> spaces = new TreeMap<>();
        for (ColumnPlan column : plan.columns()) {
            if (plan.enabled(column)) {
                column.sources().forEach((kind, space) -> {
                    SharedRows drawn = rows.get(space);
                    if (drawn != null && drawn.drawn() > 0) {
                        spaces.putIfAbsent(kind, space);
                    }
                });
            }
        }
        Set<EntityId> sources = new LinkedHashSet<>();
        int left = sourcesMax;
        int kinds = spaces.size();
        for (String space : spaces.values()) {
            int count = Math.ceilDiv(left, kinds--);
            left -= add(space, count, sources);
        }
        return List.copyOf(sources);
    }

    private int add(String space, int wanted, Set<EntityId> sources) {
        SharedRows drawn = rows.getOrDefault(space, new SharedRows(0, 0, 0, new int[0], new int[0]));
        int count = Math.min(wanted, drawn.drawn());
        for (int i = 0; i < count; i++) {
            int row = drawn.a()[(int) ((long) i * drawn.drawn() / count)];
            sources.add(a.space(space).orElseThrow().id(row));
        }
        return count;
    }
}
