package repscorer.ranking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.core.model.ModelFeature;
import repscorer.core.model.RankModel;
import repscorer.ranking.RankPlan.Form;
import repscorer.testing.Seeds;
import repscorer.testing.SimulatedImpressions;
import repscorer.testing.SimulatedImpressions.Impression;

/** Models learnt of impressions whose probabilities are known. */
class RankTrainerTest {

    private static final int ROWS = 60_000;
    private static final List<String> VECTORS = List.of(SimulatedImpressions.DENSE, SimulatedImpressions.SPARSE);
    private static final List<String> CONTENT = List.of(SimulatedImpressions.AGE, SimulatedImpressions.POPULARITY);

    private final RandomGenerator random = Seeds.random("RankTrainerTest");
    private final SimulatedImpressions simulated = new SimulatedImpressions(random);

    private static RankPlan plan(Form form, double positiveWeight) {
        return new RankPlan(
                "click",
                form,
                "",
                "clicked",
                Map.of("vectors", VECTORS, "content", CONTENT),
                positiveWeight,
                .2,
                .3,
                200,
                10,
                4,
                .1,
                5,
                1);
    }

    private static float[] row(RankPlan plan, Impression seen) {
        List<ModelFeature> features = plan.all();
        float[] row = new float[features.size()];
        for (int f = 0; f < row.length; f++) {
            row[f] = (float)
                    switch (features.get(f).text()) {
                        case SimulatedImpressions.DENSE -> seen.dense();
                        case SimulatedImpressions.SPARSE -> seen.sparse();
                        case SimulatedImpressions.AGE -> seen.age();
                        default -> seen.popularity();
                    };
        }
        return row;
    }

    private static Impressions impressions(RankPlan plan, List<Impression> seen) {
        Impressions.Builder rows = new Impressions.Builder(plan.all());
        for (int i = 0; i < seen.size(); i++) {
            rows.add(row(plan, seen.get(i)), seen.get(i).clicked(), i);
        }
        return rows.build();
    }

    private List<Impression> draw(int count) {
        List<Impression> seen = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            seen.add(simulated.next());
        }
        return seen;
    }

    @ParameterizedTest
    @EnumSource
    void aModelComesNearToWhatNobodyCouldDoBetterThanAndItsProbabilitiesAreTrue(Form form) {
        RankPlan plan = plan(form, 1);
        List<Impression> seen = draw(ROWS);
        RankTrainer.Trained trained = new RankTrainer(plan).train(impressions(plan, seen));
        List<Impression> test = seen.subList(ROWS - (int) (.3 * ROWS), ROWS);
        assertThat(trained.report().testRows()).isEqualTo(test.size());
        double ceiling =
                test.stream().mapToDouble(Impression::leastLoss).average().orElseThrow();
        double without = Objects.requireNonNull(trained.report().without().get("vectors"))
                .logLoss();
        double with = trained.report().judged().logLoss();
        System.out.printf(
                "%s: without vectors %.5f, with %.5f, ceiling %.5f: %.1f %% of the way%n",
                form, without, with, ceiling, 100 * (without - with) / (without - ceiling));
        assertThat((without - with) / (without - ceiling)).isBetween(.9, 1.05);
        assertThat(trained.report().base())
                .isGreaterThan(Objects.requireNonNull(trained.report().without().get("content"))
                        .logLoss());

        RankModel model = trained.file().model();
        List<Impression> fresh = new ArrayList<>(draw(40_000));
        fresh.sort(Comparator.comparingDouble(each -> model.probability(row(plan, each))));
        double error = 0;
        for (int bin = 0; bin < 20; bin++) {
            List<Impression> in = fresh.subList(bin * 2_000, (bin + 1) * 2_000);
            double told = in.stream()
                    .mapToDouble(each -> model.probability(row(plan, each)))
                    .average()
                    .orElseThrow();
            double truth =
                    in.stream().mapToDouble(Impression::probability).average().orElseThrow();
            error += Math.abs(told - truth) / 20;
        }
        System.out.printf("%s: off by %.4f on average%n", form, error);
        assertThat(error).isLessThan(.02);
        assertThat(trained.report().judged().error()).isLessThan(.02);
    }

    @ParameterizedTest
    @EnumSource
    void theSameRowsMakeTheSameBytesAndWeightsOfClassesLeaveProbabilitiesTrue(Form form) {
        List<Impression> seen = draw(ROWS / 6);
        RankPlan plan = plan(form, 1);
        byte[] bytes =
                new RankTrainer(plan).train(impressions(plan, seen)).file().toBytes();
        assertThat(new RankTrainer(plan).train(impressions(plan, seen)).file().toBytes())
                .isEqualTo(bytes);
        RankPlan weighted = plan(form, 8);
        RankTrainer.Trained other = new RankTrainer(weighted).train(impressions(weighted, seen));
        assertThat(other.file().toBytes()).isNotEqualTo(bytes);
        assertThat(other.report().judged().error()).isLessThan(.04);
    }

    @Test
    void partsAreCutByTimeAndAnAnswerIsNotCutInTwo() {
        RankPlan plan = plan(Form.LINEAR, 1);
        Impressions.Builder rows = new Impressions.Builder(plan.all());
        for (int i = 99; i >= 0; i--) {
            rows.add(new float[] {i, i, i, i}, i % 3 == 0, i / 7);
        }
        Impressions.Split split = rows.build().split(.25, .25);
        long[] learnt = split.learnt().times();
        long[] validation = split.validation().times();
        long[] test = split.test().times();
        assertThat(learnt[learnt.length - 1]).isLessThan(validation[0]);
        assertThat(validation[validation.length - 1]).isLessThan(test[0]);
        assertThat(learnt.length + validation.length + test.length).isEqualTo(100);
        assertThat(Arrays.stream(learnt).max().orElseThrow()).isBetween(6L, 8L);
        assertThatThrownBy(
                        () -> new Impressions(plan.all(), new float[40], new boolean[10], new long[10]).split(.2, .2))
                .hasMessageStartingWith("each part needs rows with the outcome and without: 0 of 6");
    }
}
