package repscorer.ranking;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import repscorer.analysis.ScoreGroups;
import repscorer.analysis.statistics.IsotonicFit.Point;
import repscorer.core.model.Margin;
import repscorer.core.model.ModelFeature;
import repscorer.core.model.RankModel;
import repscorer.models.ModelFile;
import repscorer.ranking.RankReport.Judged;

/**
 * Learns a model from impressions: weights of the earliest, the end of learning and the calibration of later ones, the judgement of the
 * latest. The same rows and plan make the same model.
 */
final class RankTrainer {

    private final RankPlan plan;
    private final Booster booster;

    RankTrainer(RankPlan plan) {
        this.plan = plan;
        this.booster = new Booster(plan);
    }

    /** A model and how it did. */
    record Trained(ModelFile file, RankReport report) {}

    /** @throws IllegalArgumentException where rows are too few, or all alike */
    Trained train(Impressions impressions) {
        Impressions.Split split = impressions.split(plan.validation(), plan.test());
        Learnt learnt = learn(split, impressions.features());
        SortedMap<String, Judged> without = new TreeMap<>();
        for (String group : plan.features().keySet()) {
            List<ModelFeature> left = plan.without(group);
            if (!left.isEmpty()) {
                without.put(group, learn(of(split, left), left).judged);
            }
        }
        RankReport report = new RankReport(
                impressions.rows(),
                impressions.positives(),
                split.test().rows(),
                learnt.rounds,
                base(split),
                learnt.judged,
                without);
        return new Trained(new ModelFile(learnt.model, report.told(plan)), report);
    }

    private static Impressions.Split of(Impressions.Split split, List<ModelFeature> some) {
        return new Impressions.Split(
                split.learnt().of(some),
                split.validation().of(some),
                split.test().of(some));
    }

    private record Learnt(RankModel model, int rounds, Judged judged) {}

    private Learnt learn(Impressions.Split split, List<ModelFeature> features) {
        Booster.Learnt learnt = booster.learn(split.learnt(), split.validation());
        List<Point> points = points(learnt.margin(), split.validation());
        RankModel.Spread some = new RankModel.Spread(.5, .5);
        RankModel unscaled = new RankModel(plan.model(), features, learnt.margin(), ScoreGroups.centred(points), some);
        RankModel model = new RankModel(
                plan.model(), features, learnt.margin(), unscaled.calibration(), spread(unscaled, points));
        return new Learnt(model, learnt.rounds(), judged(model, split.test()));
    }

    /** Margins with their outcomes. */
    private static List<Point> points(Margin margin, Impressions rows) {
        List<Point> points = new ArrayList<>();
        float[] row = new float[rows.features().size()];
        for (int i = 0; i < rows.rows(); i++) {
            rows.copyRow(i, row);
            points.add(new Point(margin.of(row), rows.outcomes()[i] ? 1 : 0));
        }
        return points;
    }

    private static RankModel.Spread spread(RankModel model, List<Point> points) {
        double[] told = points.stream()
                .mapToDouble(point -> model.probability(point.score()))
                .toArray();
        double mean = Arrays.stream(told).average().orElseThrow();
        double squares =
                Arrays.stream(told).map(each -> (each - mean) * (each - mean)).sum();
        return new RankModel.Spread(mean, Math.max(1e-6, Math.sqrt(squares / told.length)));
    }

    private static Judged judged(RankModel model, Impressions test) {
        List<Point> points = points(model.margin(), test);
        double loss = 0;
        for (Point point : points) {
            loss += loss(model.probability(point.score()), point.outcome() > 0);
        }
        return new Judged(loss / points.size(), auc(points), ScoreGroups.error(model::probability, points));
    }

    private static double loss(double told, boolean outcome) {
        double p = Math.clamp(told, 1e-6, 1 - 1e-6);
        return -Math.log(outcome ? p : 1 - p);
    }

    /** Of telling all rows of the test the share of the rows before. */
    private static double base(Impressions.Split split) {
        double share = (split.learnt().positives() + split.validation().positives())
                / (double) (split.learnt().rows() + split.validation().rows());
        double loss = 0;
        for (boolean outcome : split.test().outcomes()) {
            loss += loss(share, outcome);
        }
        return loss / split.test().rows();
    }

    /** By ranks, equals sharing theirs. */
    private static double auc(List<Point> points) {
        List<Point> sorted = new ArrayList<>(points);
        sorted.sort((a, b) -> Double.compare(a.score(), b.score()));
        double ranks = 0;
        long positives = 0;
        for (int from = 0; from < sorted.size(); ) {
            int to = from;
            int with = 0;
            for (;
                    to < sorted.size()
                            && sorted.get(to).score() == sorted.get(from).score();
                    to++) {
                with += sorted.get(to).outcome() > 0 ? 1 : 0;
            }
            ranks += with * (from + to + 1) / 2.0;
            positives += with;
            from = to;
        }
        long negatives = sorted.size() - positives;
        return (ranks - positives * (positives + 1) / 2.0) / (positives * (double) negatives);
    }
}
