package repscorer.core.plan;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Normalizer;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.embedding.TextSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.experiment.Experiment;
import repscorer.core.experiment.Variant;
import repscorer.core.failure.ScorerException;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.interleave.Interleaving;
import repscorer.core.plan.ColumnPlan.Form;
import repscorer.core.rule.Rule;

/** Holds plans and experiments to the declared spaces before the first request. */
public final class PlanChecks {

    private final DeclaredSpaces spaces;
    private final List<String> engagement;

    public PlanChecks(DeclaredSpaces spaces) {
        this(spaces, EngagementPlan.NONE);
    }

    /** @param engagement whose features models may read */
    public PlanChecks(DeclaredSpaces spaces, EngagementPlan engagement) {
        this.spaces = spaces;
        this.engagement = engagement.names();
    }

    /** @throws IllegalArgumentException naming the surface, the column and the space */
    public void check(ScoringPlan plan) {
        Set<EntityKind> served = new HashSet<>();
        for (ColumnPlan column : plan.columns()) {
            String place = "column %s of surface %s".formatted(column.name(), plan.surface());
            if (column instanceof ColumnPlan.Model model) {
                ModelChecks.check(plan, model, spaces, engagement, place);
                ColumnSetting.WEIGHT.check(model.weight(), place);
            } else {
                check(column, place);
            }
            served.addAll(column.candidates().keySet());
        }
        for (EntityKind kind : plan.kinds()) {
            if (!served.contains(kind)) {
                throw new IllegalArgumentException("every kind needs a column with candidates of it: %s (surface %s)"
                        .formatted(kind, plan.surface()));
            }
        }
        checkRules(plan);
        for (String history : plan.exclude()) {
            if (!(spaces.planned(history, "exclude of surface " + plan.surface()) instanceof SparseSpace)) {
                throw new IllegalArgumentException(
                        "a history space is sparse: %s (surface %s)".formatted(history, plan.surface()));
            }
        }
    }

    /** Holds the comparison of a signal's features to the declared spaces. */
    public void check(EngagementPlan.SignalFeatures features) {
        try {
            new ComparisonChecks(spaces).sides(features.comparison());
        } catch (ScorerException e) {
            throw new IllegalArgumentException(
                    "%s (features of signal %s)".formatted(e.getMessage(), features.signal()), e);
        }
    }

    private void checkRules(ScoringPlan plan) {
        Set<String> known = new HashSet<>(plan.attributes().attributes().keySet());
        known.add(Rule.KIND);
        known.add(Rule.SOURCE);
        for (Rule rule : plan.rules().rules()) {
            String place = "rule %s of surface %s".formatted(rule.name(), plan.surface());
            switch (rule) {
                case Rule.Remove remove -> {
                    remove.histories().forEach(history -> sparse(history, place));
                    remove.attribute().ifPresent(attribute -> {
                        checkAttribute(attribute, known, place);
                        if (attribute.equals(Rule.KIND) || attribute.equals(Rule.SOURCE)) {
                            throw new IllegalArgumentException(
                                    "histories and signals hold entities, and the attribute '%s' none: %s"
                                            .formatted(attribute, place));
                        }
                    });
                }
                case Rule.RemoveWhere remove -> checkCondition(remove.where(), plan, known, place);
                case Rule.Boost boost -> checkCondition(boost.where(), plan, known, place);
                case Rule.Cap cap -> checkAttribute(cap.attribute(), known, place);
                case Rule.Quota quota -> checkCondition(quota.where(), plan, known, place);
                case Rule.Diversify diversify -> {
                    checkColumn(diversify.column(), plan, place);
                    if (plan.optional().contains(diversify.column())) {
                        throw new IllegalArgumentException(
                                "column %s is optional, and a rule needs it: %s".formatted(diversify.column(), place));
                    }
                }
                case Rule.Worth worth -> checkWorth(worth, plan, place);
                case Rule.Floor floor -> {}
                case Rule.RemoveByAge age -> checkTime(plan, place);
                case Rule.Decay decay -> checkTime(plan, place);
                case Rule.Pin pin -> {
                    if (!plan.kinds().contains(pin.id().kind())) {
                        throw new IllegalArgumentException(
                                "a pin is of a kind that the surface answers: %s (%s)".formatted(pin.id(), place));
                    }
                }
            }
        }
        plan.attributes().attributes().forEach((name, attribute) -> {
            String place = "attribute %s of surface %s".formatted(name, plan.surface());
            attribute.spaces().forEach(space -> sparse(space, place));
            attribute.inverseOf().forEach(space -> sparse(space, place));
        });
        plan.attributes().createdSpaces().forEach(space -> sparse(space, "created of surface " + plan.surface()));
        plan.anchors().forEach((column, space) -> {
            String place = "anchors of column %s of surface %s".formatted(column, plan.surface());
            checkColumn(column, plan, place);
            for (ColumnPlan each : plan.columns()) {
                if (each.name().equals(column)) {
                    checkAnchors(each, spaces.planned(space, place), place);
                }
            }
        });
        checkReasons(plan);
    }

    /** What is worth more is to gain by it, which a score below 0 would not. */
    private void checkWorth(Rule.Worth worth, ScoringPlan plan, String place) {
        sparse(worth.space(), place);
        boolean positive = plan.blend() instanceof BlendRecipe.Linear linear
                && Set.of(Normalizer.NONE, Normalizer.MIN_MAX, Normalizer.SOFTMAX)
                        .contains(linear.normalizer());
        if (!positive) {
            throw new IllegalArgumentException(
                    "what is multiplied by a worth is not below 0: blend linear by none, min-max or softmax, not %s: %s"
                            .formatted(plan.blend().scale(), place));
        }
    }

    private void checkReasons(ScoringPlan plan) {
        plan.optional().forEach(name -> checkColumn(name, plan, "optional columns of surface " + plan.surface()));
        plan.reasons().forEach((name, reason) -> {
            String place = "reason of column %s of surface %s".formatted(name, plan.surface());
            checkColumn(name, plan, place);
            for (ColumnPlan column : plan.columns()) {
                if (column.name().equals(name) && !(column instanceof ColumnPlan.Sparse)) {
                    throw new IllegalArgumentException("reasons go with a sparse column: " + place);
                }
            }
            reason.names().ifPresent(texts -> {
                if (!(spaces.planned(texts, place) instanceof TextSpace)) {
                    throw new IllegalArgumentException("must be a text space: %s (%s)".formatted(texts, place));
                }
            });
        });
    }

    private void checkAnchors(ColumnPlan column, Space anchors, String place) {
        if (!(column instanceof ColumnPlan.Dense) || !(anchors instanceof DenseSpace)) {
            throw new IllegalArgumentException("anchors are dense and go with a dense column: " + place);
        }
        checkModel(spaces.planned(column.candidates().values().iterator().next(), place), anchors, place);
    }

    private void sparse(String name, String place) {
        if (!(spaces.planned(name, place) instanceof SparseSpace)) {
            throw new IllegalArgumentException("must be a sparse space: %s (%s)".formatted(name, place));
        }
    }

    private static void checkAttribute(String name, Set<String> known, String place) {
        if (!known.contains(name)) {
            throw new IllegalArgumentException(
                    "no attribute is called '%s': %s; there are %s".formatted(name, place, new TreeSet<>(known)));
        }
    }

    /** A value that nothing can have would make a rule do nothing. */
    private static void checkCondition(Rule.Condition where, ScoringPlan plan, Set<String> known, String place) {
        checkAttribute(where.attribute(), known, place);
        for (String value : new TreeSet<>(where.values())) {
            switch (where.attribute()) {
                case Rule.SOURCE -> checkColumn(value, plan, place);
                case Rule.KIND -> {
                    if (plan.kinds().stream().noneMatch(kind -> kind.name().equals(value))) {
                        throw new IllegalArgumentException(
                                "the surface answers kinds %s, not '%s': %s".formatted(plan.kinds(), value, place));
                    }
                }
                default -> {
                    try {
                        EntityId.parse(value);
                    } catch (IllegalArgumentException e) {
                        throw new IllegalArgumentException("%s (%s)".formatted(e.getMessage(), place), e);
                    }
                }
            }
        }
    }

    private static void checkColumn(String name, ScoringPlan plan, String place) {
        if (plan.columns().stream().noneMatch(column -> column.name().equals(name))) {
            throw new IllegalArgumentException("no column is called '%s': %s".formatted(name, place));
        }
    }

    private static void checkTime(ScoringPlan plan, String place) {
        if (plan.attributes().snowflakes().isEmpty()
                && plan.attributes().createdSpaces().isEmpty()) {
            throw new IllegalArgumentException("a rule about age needs created, snowflake kinds or spaces: " + place);
        }
    }

    private void check(ColumnPlan column, String place) {
        if (column.sources().isEmpty() || column.candidates().isEmpty()) {
            throw new IllegalArgumentException("a column has sources and candidates: " + place);
        }
        Space first = null;
        for (Map<EntityKind, String> side : List.of(column.sources(), column.candidates())) {
            for (Map.Entry<EntityKind, String> entry : new TreeMap<>(side).entrySet()) {
                Space space = spaces.planned(entry.getValue(), place);
                checkSpace(column, entry.getKey(), space, place);
                first = first == null ? space : first;
                if (column.form() != Form.TEXT) { // words are words, whoever wrote them
                    checkModel(first, space, place);
                }
            }
        }
        ColumnSetting.of(column.form()).forEach(setting -> setting.check(setting.get(column), place));
        switch (column) {
            case ColumnPlan.Dense dense -> checkDense(dense, first, place);
            case ColumnPlan.Sparse sparse -> checkSparse(sparse, place);
            case ColumnPlan.Text text -> {} // every space of texts is searched
            case ColumnPlan.Model model -> throw new IllegalStateException("checked before: " + model);
        }
    }

    private static void checkSpace(ColumnPlan column, EntityKind kind, Space space, String place) {
        if (!space.kind().equals(kind)) {
            throw new IllegalArgumentException(
                    "space %s holds kind %s, not %s: %s".formatted(space.name(), space.kind(), kind, place));
        }
        Form form = DeclaredSpaces.form(space);
        if (column.form() != form) {
            throw new IllegalArgumentException(
                    "space %s is %s: %s".formatted(space.name(), SettingType.Word.of(form), place));
        }
    }

    private static void checkModel(Space first, Space space, String place) {
        if (!first.model().equals(space.model())) {
            throw new IllegalArgumentException("spaces of a column share their model: %s is of %s, %s of %s: %s"
                    .formatted(first.name(), first.model(), space.name(), space.model(), place));
        }
        if (first instanceof DenseSpace a && space instanceof DenseSpace b && a.dimension() != b.dimension()) {
            throw new IllegalArgumentException("spaces of a column share their dimension: %s has %s, %s has %s: %s"
                    .formatted(a.name(), a.dimension(), b.name(), b.dimension(), place));
        }
    }

    private void checkDense(ColumnPlan.Dense column, @Nullable Space first, String place) {
        for (ColumnPlan.Translation translation : column.translations()) {
            Space space = spaces.planned(translation.space(), place);
            checkSpace(column, EntityKind.RELATION, space, place);
            if (first != null) {
                checkModel(first, space, place);
            }
        }
    }

    private void checkSparse(ColumnPlan.Sparse column, String place) {
        for (String name : column.candidates().values()) {
            if (spaces.planned(name, place) instanceof SparseSpace space && !space.indexed() && column.retrieve() > 0) {
                throw new IllegalArgumentException(
                        "a searched space has items-per-cluster above 0: space %s, %s".formatted(name, place));
            }
        }
    }

    /** Both teams of an answer read one release, and chance takes no other part in it. */
    private static void checkTeams(Experiment experiment, Interleaving interleaving, String place) {
        List<Map<String, String>> teams = interleaving.teams().stream()
                .map(team -> experiment.variant(team).overrides())
                .toList();
        if (!PlanOverrides.release(teams.get(0)).equals(PlanOverrides.release(teams.get(1)))) {
            throw new IllegalArgumentException("variants that are interleaved read one release: " + place);
        }
        for (Map<String, String> overrides : teams) {
            for (String key : new TreeSet<>(overrides.keySet())) {
                if (PlanOverrides.explores(key)) {
                    throw new IllegalArgumentException(
                            "variants that are interleaved explore nothing: %s (%s)".formatted(key, place));
                }
            }
        }
    }

    /** Applies every variant once, so that a bad override is met at the start and not by a request. */
    public void check(Experiment experiment, Map<String, ScoringPlan> plans) {
        ScoringPlan plan = plans.get(experiment.surface());
        if (plan == null) {
            throw new IllegalArgumentException("experiment %s names surface '%s'; declared are %s"
                    .formatted(experiment.name(), experiment.surface(), plans.keySet()));
        }
        for (Variant variant : experiment.variants()) {
            String place = "variant %s of experiment %s".formatted(variant.name(), experiment.name());
            try {
                check(PlanOverrides.apply(plan, variant.overrides(), place));
            } catch (Invalid e) {
                throw new IllegalArgumentException("%s (%s)".formatted(e.getMessage(), e.field()), e);
            }
            if (PlanOverrides.seed(variant.overrides()).isPresent()) {
                throw new IllegalArgumentException("a seed is a request's own, or all would draw alike: " + place);
            }
            variant.interleaving().ifPresent(interleaving -> checkTeams(experiment, interleaving, place));
        }
    }
}
