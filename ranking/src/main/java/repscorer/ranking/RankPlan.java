package repscorer.ranking;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import repscorer.core.model.ModelFeature;
import repscorer.core.model.RankModel;

/**
 * What a model is to be learnt of, and how: a file that {@code rank train} reads.
 *
 * @param model what it is called
 * @param form what it is
 * @param surface whose answers count, of a log
 * @param goal the kind of outcome, of a log; the column of 0 and 1, of a table
 * @param features what it reads, in groups whose worth is told
 * @param positiveWeight what a row with the outcome counts for, where one without counts for 1
 * @param validation the share of rows after those that are learnt of, by time, by which learning ends and margins become probabilities
 * @param test the last share of rows, which the model is judged by
 * @param rounds at most: trees, or steps of a linear model
 * @param patience rounds that do no better on the validation rows before learning ends
 * @param depth of trees
 * @param rate of a tree's say
 * @param leafWeight the least sum of p · (1 − p) of a leaf's rows
 * @param l2 what squares of weights cost
 */
record RankPlan(
        String model,
        Form form,
        String surface,
        String goal,
        Map<String, List<String>> features,
        double positiveWeight,
        double validation,
        double test,
        int rounds,
        int patience,
        int depth,
        double rate,
        double leafWeight,
        double l2) {

    /** The values of keys that a file leaves out. */
    @SuppressWarnings("UnusedVariable") // Records reads it
    private static final Defaults DEFAULT = new Defaults("", 1, .2, .2, 100, 10, 4, .1, 5, 1);

    private record Defaults(
            String surface,
            double positiveWeight,
            double validation,
            double test,
            int rounds,
            int patience,
            int depth,
            double rate,
            double leafWeight,
            double l2) {}

    /** What a model is. */
    enum Form {
        LINEAR,
        TREES
    }

    RankPlan {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        features.forEach((group, texts) -> {
            for (String text : texts) {
                ModelFeature.parse(text);
                check(seen.add(text), "features: each is there once: '%s'", text);
            }
            copy.put(group, List.copyOf(texts));
        });
        features = copy;
        check(!seen.isEmpty(), "features: one at least is needed", "");
        check(seen.size() <= RankModel.FEATURES_MAX, "features: at most %s", RankModel.FEATURES_MAX);
        check(positiveWeight > 0 && positiveWeight < 1e6, "positive-weight: must be above 0: %s", positiveWeight);
        check(
                validation > 0 && test > 0 && validation + test < .9,
                "validation: with test below 0.9, both above 0: %s",
                validation);
        check(rounds >= 1 && rounds <= 5_000, "rounds: must be 1 to 5000: %s", rounds);
        check(patience >= 1, "patience: must be at least 1: %s", patience);
        check(depth >= 1 && depth <= 12, "depth: must be 1 to 12: %s", depth);
        check(rate > 0 && rate <= 1, "rate: must be above 0 and at most 1: %s", rate);
        check(leafWeight > 0 && l2 >= 0, "leaf-weight: must be above 0, and l2 at least 0: %s", leafWeight);
    }

    private static void check(boolean holds, String rule, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(rule.formatted(value));
        }
    }

    /** All features, group by group. */
    List<ModelFeature> all() {
        List<ModelFeature> all = new ArrayList<>();
        features.values().forEach(texts -> texts.forEach(text -> all.add(ModelFeature.parse(text))));
        return all;
    }

    /** Those that are in no group but another. */
    List<ModelFeature> without(String group) {
        List<ModelFeature> left = new ArrayList<>();
        features.forEach((name, texts) -> {
            if (!name.equals(group)) {
                texts.forEach(text -> left.add(ModelFeature.parse(text)));
            }
        });
        return left;
    }
}
