package repscorer.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import repscorer.core.blend.Calibration;
import repscorer.core.model.LinearMargin;
import repscorer.core.model.Margin;
import repscorer.core.model.ModelFeature;
import repscorer.core.model.RankModel;
import repscorer.core.model.TreeMargin;
import repscorer.core.model.TreeMargin.Node;

class ModelFileTest {

    private static final LinearMargin LINEAR = new LinearMargin(
            -1e-7,
            List.of(new LinearMargin.Term(false, 1, 2, 1 / 3.0, 0), new LinearMargin.Term(true, 3, 4e9, -5, .25)));
    private static final TreeMargin TREES = new TreeMargin(
            .5,
            2,
            List.of(
                    List.of(
                            new Node(1, .1f, 1, true, 10.5),
                            Node.leaf(-1e-8f, 4.25),
                            new Node(0, 1e9f, 3, false, 6.25),
                            Node.leaf(1, 5),
                            Node.leaf(2, 1.25)),
                    List.of(Node.leaf(.125f, 3))));

    private static ModelFile file(Margin margin) {
        RankModel model = new RankModel(
                "click",
                List.of(ModelFeature.parse("column:twhin"), ModelFeature.parse("age")),
                margin,
                new Calibration(List.of(new Calibration.Point(-2, .01), new Calibration.Point(.1, 1 / 7.0))),
                new RankModel.Spread(.05, .03));
        return new ModelFile(model, new TreeMap<>(Map.of("goal", "click \"now\"", "rows", "12")));
    }

    @Test
    void aModelIsReadBackAsItWasAndWrittenInTheSameBytes() {
        for (Margin margin : List.of(LINEAR, TREES)) {
            ModelFile file = file(margin);
            byte[] bytes = file.toBytes();
            ModelFile read = ModelFile.of(new String(bytes, StandardCharsets.UTF_8));
            assertThat(read).isEqualTo(file);
            assertThat(read.toBytes()).isEqualTo(bytes);
            float[] row = {.3f, 77};
            assertThat(read.model().probability(row)).isEqualTo(file.model().probability(row));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`\"bias\": 0.5` | `\"bias\": 0.75` | digest: must be that of the model",
                "`\"bias\": 0.5` | `\"bias\": \"x\"` | trees.bias: must be a number",
                "`\"bias\": 0.5,` | `\"bias\": 0.5, \"more\": 1,` | trees.more: unknown key; known are bias, of",
                "`\"left\": [1,` | `\"left\": [0,` | `trees.of: children stand side by side in the order of their parents: 0 (tree 0, node 0)`",
                "`[1, -1, 0, -1, -1]` | `[1, -1, 7, -1, -1]` | `trees.of: a node asks one of 2 features: 7 (tree 0, node 2)`",
                "`\"cover\": [3.0]` | `\"cover\": [3.0, 1.0]` | trees.of[1].cover: must be 1 numbers: 2",
                "column:twhin | colum:twhin | features: a feature is column:NAME",
                "`[-2.0, 0.1]` | `[0.1, 0.1]` | points must rise",
                "`\"spread\": {` | `\"spred\": {` | spred: unknown key",
                "`\"model\": ` | `` | no JSON"
            })
    void whatIsNoModelIsRefusedWithItsPlace(String from, String to, String complaint) {
        String text = new String(file(TREES).toBytes(), StandardCharsets.UTF_8);
        assertThat(text).contains(from);
        String changed = text.replace(from, to == null ? "" : to);
        assertThatThrownBy(() -> ModelFile.of(changed))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(complaint);
    }
}
