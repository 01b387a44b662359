package repscorer.training.twhin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.entity.EntityKind;
import repscorer.training.TestData;
import repscorer.training.graph.EdgeReader;
import repscorer.training.graph.Graph;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.plan.TwhinPlan;
import repscorer.training.progress.TrainingProgress;

class TwhinTrainerTest {

    private static final TwhinPlan QUICK = TestData.twhin(
            "dimension: 16, epochs: 2, batch-size: 64, negatives-uniform: 16, negatives-prevalence: 16, negatives-weight: 10, comparator: cosine, scale: 10, regularisation: 0");

    @TempDir
    static Path directory;

    private static Graph graph;

    @BeforeAll
    static void readNetwork() {
        TrainingPlan plan = TestData.smallPlan();
        graph = EdgeReader.read(plan, TestData.smallNetwork(directory), TrainingProgress.NONE)
                .graph();
    }

    @Test
    void theSeedDecidesAndTheNumberOfThreadsDoesNot() {
        TwhinModel one = TwhinTrainer.train(graph, QUICK, 5, 1, TrainingProgress.NONE);
        TwhinModel again = TwhinTrainer.train(graph, QUICK, 5, 1, TrainingProgress.NONE);
        TwhinModel three = TwhinTrainer.train(graph, QUICK, 5, 3, TrainingProgress.NONE);
        TwhinModel other = TwhinTrainer.train(graph, QUICK, 6, 1, TrainingProgress.NONE);
        for (EntityKind kind : graph.entities().keySet()) {
            assertThat(one.rows(kind))
                    .isEqualTo(again.rows(kind))
                    .isEqualTo(three.rows(kind))
                    .isNotEqualTo(other.rows(kind));
        }
        assertThat(one.relations()).isEqualTo(again.relations()).isEqualTo(three.relations());
        assertThat(one.losses()).isEqualTo(three.losses());
    }

    @Test
    void rowsStayOnTheUnitSphereAndTheLossFalls() {
        TwhinModel model = TwhinTrainer.train(graph, QUICK, 5, 2, TrainingProgress.NONE);
        float[] rows = model.rows(EntityKind.USER);
        for (int i = 0; i < rows.length; i += model.dimension()) {
            double squares = 0;
            for (int j = i; j < i + model.dimension(); j++) {
                squares += (double) rows[j] * rows[j];
            }
            assertThat(squares).isCloseTo(1, Offset.offset(1e-4));
        }
        assertThat(model.losses()).hasSize(2);
        assertThat(model.losses().get(1)).isLessThan(model.losses().get(0));
    }

    @Test
    void freeRowsAreFinite() {
        TwhinPlan free = TestData.twhin(
                "dimension: 16, epochs: 2, batch-size: 64, negatives-uniform: 16, negatives-prevalence: 16, negatives-weight: 10, comparator: dot, scale: 1, regularisation: 0.001");
        TwhinModel model = TwhinTrainer.train(graph, free, 5, 2, TrainingProgress.NONE);
        for (float value : model.rows(EntityKind.USER)) {
            assertThat(Float.isFinite(value)).isTrue();
        }
        assertThat(model.losses().get(1)).isLessThan(model.losses().get(0));
    }

    @Test
    void trainingCanBeCancelled() {
        TrainingProgress cancelled = new TrainingProgress() {
            @Override
            public void report(String stage, long done, long total, String note) {}

            @Override
            public boolean cancelled() {
                return true;
            }
        };
        assertThatThrownBy(() -> TwhinTrainer.train(graph, QUICK, 5, 2, cancelled))
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void aFailingListenerEndsTrainingWithItsFailure() {
        TrainingProgress failing = (stage, done, total, note) -> {
            if (done > 0) {
                throw new IllegalStateException("the terminal is gone");
            }
        };
        assertThatThrownBy(() -> TwhinTrainer.train(graph, QUICK, 5, 3, failing))
                .isInstanceOf(RuntimeException.class);
    }
}
