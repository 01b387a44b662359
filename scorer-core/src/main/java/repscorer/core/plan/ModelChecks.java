package repscorer.core.plan;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.model.ModelFeature;

/** Holds what models read to what a plan has, and a release to what they read. Stateless. */
public final class ModelChecks {

    private ModelChecks() {}

    /** @throws IllegalArgumentException naming the feature, what lacks it and the place */
    static void check(
            ScoringPlan plan, ColumnPlan.Model column, DeclaredSpaces spaces, List<String> engagement, String place) {
        for (ModelFeature feature : column.model().features()) {
            switch (feature) {
                case ModelFeature.Column other -> {
                    Set<String> others = new TreeSet<>();
                    for (ColumnPlan each : plan.columns()) {
                        if (!(each instanceof ColumnPlan.Model)) {
                            others.add(each.name());
                        }
                    }
                    require(
                            others.contains(other.name()),
                            feature,
                            column,
                            "columns that no model computes",
                            others,
                            place);
                }
                case ModelFeature.Engagement known ->
                    require(
                            engagement.contains(known.name()),
                            feature,
                            column,
                            "features of engagement",
                            engagement,
                            place);
                case ModelFeature.Attribute attribute ->
                    require(
                            plan.attributes().attributes().containsKey(attribute.name()),
                            feature,
                            column,
                            "attributes",
                            new TreeSet<>(plan.attributes().attributes().keySet()),
                            place);
                case ModelFeature.Popularity popularity -> {
                    if (!(spaces.planned(popularity.space(), place) instanceof SparseSpace)) {
                        throw new IllegalArgumentException("model %s reads %s, and the space is not sparse: %s"
                                .formatted(column.model().name(), feature.text(), place));
                    }
                }
                case ModelFeature.Age age -> {
                    AttributePlan attributes = plan.attributes();
                    require(
                            !attributes.snowflakes().isEmpty()
                                    || !attributes.createdSpaces().isEmpty(),
                            feature,
                            column,
                            "kinds or spaces in created",
                            List.of(),
                            place);
                }
            }
        }
    }

    private static void require(
            boolean there,
            ModelFeature feature,
            ColumnPlan.Model column,
            String what,
            Iterable<String> known,
            String place) {
        if (!there) {
            throw new IllegalArgumentException("model %s reads %s, which the plan lacks; its %s are %s: %s"
                    .formatted(column.model().name(), feature.text(), what, known, place));
        }
    }

    /** The spaces that a feature is made of in a plan. */
    private static SortedSet<String> spaces(ModelFeature feature, ScoringPlan plan) {
        SortedSet<String> spaces = new TreeSet<>();
        switch (feature) {
            case ModelFeature.Column other ->
                plan.columns().stream()
                        .filter(each -> each.name().equals(other.name()))
                        .forEach(each -> {
                            spaces.addAll(each.sources().values());
                            spaces.addAll(each.candidates().values());
                        });
            case ModelFeature.Attribute attribute -> {
                AttributePlan.Attribute known = plan.attributes().attributes().get(attribute.name());
                if (known != null) {
                    spaces.addAll(known.spaces());
                    spaces.addAll(known.inverseOf());
                }
            }
            case ModelFeature.Popularity popularity -> spaces.add(popularity.space());
            case ModelFeature.Age age -> spaces.addAll(plan.attributes().createdSpaces());
            case ModelFeature.Engagement engagement -> {} // spaces of the signals' own, which a release may lack
        }
        return spaces;
    }

    /**
     * What the models of a plan read and a release lacks, in words; empty where it has all. Models that are switched off or weigh nothing
     * read nothing, and those of optional columns need nothing.
     *
     * @param holds whether the release has a space
     */
    public static Optional<String> lacking(ScoringPlan plan, Predicate<String> holds) {
        for (ColumnPlan.Model column : plan.models().values()) {
            if (column.weight() == 0 || plan.optional().contains(column.name())) {
                continue;
            }
            for (ModelFeature feature : column.model().features()) {
                for (String space : spaces(feature, plan)) {
                    if (!holds.test(space)) {
                        return Optional.of(
                                "model %s reads %s of space %s, which the release lacks (column %s of surface %s)"
                                        .formatted(
                                                column.model().name(),
                                                feature.text(),
                                                space,
                                                column.name(),
                                                plan.surface()));
                    }
                }
            }
        }
        return Optional.empty();
    }
}
