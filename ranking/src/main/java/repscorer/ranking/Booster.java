package repscorer.ranking;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import repscorer.core.model.LinearMargin;
import repscorer.core.model.Margin;
import repscorer.core.model.ModelFeature;
import repscorer.core.model.TreeMargin;
import repscorer.core.model.TreeMargin.Node;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Learns margins by XGBoost, on one thread, so that the same rows make the same numbers. Learning ends where validation rows gain nothing. */
final class Booster {

    /*
     * Trees are learnt of features as they are, and missing ones go where they cost least. A linear model is learnt of features that are
     * standardised over the rows learnt of, the logarithm of those that have long tails, with an indicator for each that some rows lack.
     */

    private static final JsonMapper JSON = JsonMapper.shared();

    private final RankPlan plan;

    Booster(RankPlan plan) {
        this.plan = plan;
    }

    /** @param rounds after which it did best */
    record Learnt(Margin margin, int rounds) {}

    Learnt learn(Impressions learnt, Impressions validation) {
        try {
            return plan.form() == RankPlan.Form.TREES ? trees(learnt, validation) : linear(learnt, validation);
        } catch (XGBoostError e) {
            throw new IllegalStateException("XGBoost: " + e.getMessage(), e);
        }
    }

    /** @param margins of the validation rows, by the library itself */
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    private record Raw(JsonNode model, int rounds, float[][] margins) {}

    private Raw boosted(
            Map<String, Object> own,
            float[] learnt,
            boolean[] outcomes,
            float[] validation,
            boolean[] judged,
            int width)
            throws XGBoostError {
        Map<String, Object> parameters = new LinkedHashMap<>(own);
        parameters.put("objective", "binary:logistic");
        parameters.put("eval_metric", "logloss");
        parameters.put("base_score", 0.5);
        parameters.put("nthread", 1);
        parameters.put("seed", 0);
        parameters.put("verbosity", 0);
        parameters.put("verbose_eval", "false");
        parameters.put("scale_pos_weight", plan.positiveWeight());
        parameters.put("lambda", plan.l2());
        DMatrix rows = matrix(learnt, outcomes, width);
        DMatrix watched = matrix(validation, judged, width);
        if (plan.positiveWeight() != 1) {
            watched.setWeight(weights(judged));
        }
        try {
            ml.dmlc.xgboost4j.java.Booster booster = XGBoost.train(
                    rows,
                    parameters,
                    plan.rounds(),
                    Map.of("validation", watched),
                    new float[1][plan.rounds()],
                    null,
                    null,
                    plan.patience());
            String best = booster.getAttr("best_iteration");
            int rounds = best == null ? plan.rounds() : Integer.parseInt(best) + 1;
            JsonNode model = JSON.readTree(booster.toByteArray("json"))
                    .get("learner")
                    .get("gradient_booster")
                    .get("model");
            boolean trees = "gbtree".equals(parameters.get("booster"));
            float[][] margins = booster.predict(watched, true, trees ? rounds : 0);
            booster.dispose();
            return new Raw(model, rounds, margins);
        } finally {
            rows.dispose();
            watched.dispose();
        }
    }

    private float[] weights(boolean[] outcomes) {
        float[] weights = new float[outcomes.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = outcomes[i] ? (float) plan.positiveWeight() : 1;
        }
        return weights;
    }

    private static DMatrix matrix(float[] values, boolean[] outcomes, int width) throws XGBoostError {
        DMatrix matrix = new DMatrix(values, outcomes.length, width, Float.NaN);
        float[] labels = new float[outcomes.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = outcomes[i] ? 1 : 0;
        }
        matrix.setLabel(labels);
        return matrix;
    }

    private Learnt trees(Impressions learnt, Impressions validation) throws XGBoostError {
        int width = learnt.features().size();
        Map<String, Object> parameters = Map.of(
                "booster",
                "gbtree",
                "tree_method",
                "hist",
                "max_depth",
                plan.depth(),
                "eta",
                plan.rate(),
                "min_child_weight",
                plan.leafWeight());
        Raw raw = boosted(
                parameters, learnt.values(), learnt.outcomes(), validation.values(), validation.outcomes(), width);
        List<List<Node>> trees = new ArrayList<>();
        JsonNode all = raw.model.get("trees");
        for (int t = 0; t < raw.rounds && t < all.size(); t++) {
            trees.add(tree(all.get(t)));
        }
        return checked(new Learnt(new TreeMargin(0, width, trees), raw.rounds), validation, raw);
    }

    /** What serves has to say what the library says. */
    private static Learnt checked(Learnt learnt, Impressions validation, Raw raw) {
        float[] row = new float[validation.features().size()];
        for (int i = 0; i < validation.rows(); i++) {
            validation.copyRow(i, row);
            double ours = learnt.margin.of(row);
            double theirs = raw.margins[i][0];
            if (Math.abs(ours - theirs) > 1e-3 * (1 + Math.abs(theirs))) {
                throw new IllegalStateException(
                        "a margin differs from the library's: %s, %s (row %s)".formatted(ours, theirs, i));
            }
        }
        return learnt;
    }

    /** By levels, so that children stand side by side. */
    private static List<Node> tree(JsonNode tree) {
        JsonNode lefts = tree.get("left_children");
        JsonNode rights = tree.get("right_children");
        List<Node> nodes = new ArrayList<>();
        Deque<Integer> waiting = new ArrayDeque<>(List.of(0));
        int next = 1;
        while (!waiting.isEmpty()) {
            int at = waiting.remove();
            float value = (float) tree.get("split_conditions").get(at).doubleValue();
            double cover = Math.max(1e-6, tree.get("sum_hessian").get(at).doubleValue());
            int left = lefts.get(at).intValue();
            if (left < 0) {
                nodes.add(Node.leaf(value, cover));
                continue;
            }
            boolean missingLeft = tree.get("default_left").get(at).intValue() == 1;
            nodes.add(new Node(tree.get("split_indices").get(at).intValue(), value, next, missingLeft, cover));
            next += 2;
            waiting.add(left);
            waiting.add(rights.get(at).intValue());
        }
        return nodes;
    }

    /** How a linear model sees a feature. */
    private record Scale(boolean logarithmic, double mean, double deviation, boolean lacked) {

        double of(float value) {
            return (logarithmic ? Math.log1p(Math.max(0, value)) : value) - mean;
        }
    }

    private Learnt linear(Impressions learnt, Impressions validation) throws XGBoostError {
        int width = learnt.features().size();
        Scale[] scales = new Scale[width];
        Arrays.setAll(scales, f -> scale(learnt, f));
        Raw raw = boosted(
                Map.of("booster", "gblinear", "updater", "coord_descent", "feature_selector", "cyclic", "eta", 0.5),
                standardised(learnt, scales),
                learnt.outcomes(),
                standardised(validation, scales),
                validation.outcomes(),
                2 * width);
        JsonNode weights = raw.model.get("weights");
        List<LinearMargin.Term> terms = new ArrayList<>();
        for (int f = 0; f < width; f++) {
            terms.add(new LinearMargin.Term(
                    scales[f].logarithmic,
                    scales[f].mean,
                    scales[f].deviation,
                    weights.get(f).doubleValue(),
                    weights.get(width + f).doubleValue()));
        }
        return checked(
                new Learnt(new LinearMargin(weights.get(2 * width).doubleValue(), terms), raw.rounds), validation, raw);
    }

    private static Scale scale(Impressions rows, int feature) {
        ModelFeature known = rows.features().get(feature);
        Scale raw =
                new Scale(known instanceof ModelFeature.Age || known instanceof ModelFeature.Popularity, 0, 1, false);
        int count = 0;
        double sum = 0;
        for (int row = 0; row < rows.rows(); row++) {
            float value = rows.value(row, feature);
            if (!Float.isNaN(value)) {
                count++;
                sum += raw.of(value);
            }
        }
        double mean = count == 0 ? 0 : sum / count;
        double squares = 0;
        for (int row = 0; row < rows.rows(); row++) {
            float value = rows.value(row, feature);
            if (!Float.isNaN(value)) {
                squares += Math.pow(raw.of(value) - mean, 2);
            }
        }
        double deviation = count == 0 ? 1 : Math.sqrt(squares / count);
        return new Scale(raw.logarithmic, mean, deviation > 1e-12 ? deviation : 1, count < rows.rows());
    }

    private static float[] standardised(Impressions rows, Scale[] scales) {
        int width = scales.length;
        float[] values = new float[rows.rows() * 2 * width];
        for (int row = 0; row < rows.rows(); row++) {
            for (int f = 0; f < width; f++) {
                float value = rows.value(row, f);
                int at = row * 2 * width + f;
                values[at] = Float.isNaN(value) ? 0 : (float) (scales[f].of(value) / scales[f].deviation);
                values[at + width] = Float.isNaN(value) && scales[f].lacked ? 1 : 0;
            }
        }
        return values;
    }
}
