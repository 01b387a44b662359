package repscorer.api.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.ann.HnswParameters;
import repscorer.core.blend.Calibration;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.embedding.Space;
import repscorer.core.embedding.SparseSpace;
import repscorer.core.embedding.TextLanguage;
import repscorer.core.embedding.TextSpace;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.model.LinearMargin;
import repscorer.core.model.ModelFeature;
import repscorer.core.model.RankModel;
import repscorer.core.plan.ColumnPlan.Form;
import repscorer.core.plan.ColumnSetting;
import repscorer.core.plan.PlanOverrides;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.plan.SettingType;
import repscorer.testing.Seeds;
import repscorer.vector.Metric;
import repscorer.yaml.ConfigException;

/** An override takes exactly the values that a surface's file takes, and makes the same column of them. */
class ColumnSettingsPropertyTest {

    private static final int CASES = 40;

    private static final Map<String, Space> SPACES = Map.of(
            "dense",
            new DenseSpace(
                    "dense", "twhin", EntityKind.USER, 3, Metric.COSINE, "exact", HnswParameters.DEFAULT, 0, false),
            "sparse",
            new SparseSpace("sparse", "simclusters", EntityKind.USER, 9, 9, false),
            "text",
            new TextSpace("text", "text", EntityKind.USER, TextLanguage.ANY, false, false));

    private static final RankModel MODEL = new RankModel(
            "m",
            List.of(new ModelFeature.Column("other")),
            new LinearMargin(0, List.of(new LinearMargin.Term(false, 0, 1, 1, 0))),
            new Calibration(List.of(new Calibration.Point(0, .5))),
            new RankModel.Spread(.5, .1));

    @TempDir
    Path directory;

    @Test
    void filesAndOverridesKeepTheSameBounds() throws IOException {
        RandomGenerator random = Seeds.random("ColumnSettingsPropertyTest");
        for (ColumnSetting setting : ColumnSetting.values()) {
            for (Form form : setting.forms()) {
                int taken = 0;
                List<String> texts = texts(setting.type(), random);
                for (String text : texts) {
                    Optional<ScoringPlan> read = read(form, setting.key() + ": " + text);
                    assertThat(override(form, setting, text))
                            .as("%s: %s of a %s column", setting.key(), text, form)
                            .isEqualTo(read);
                    taken += read.isPresent() ? 1 : 0;
                }
                assertThat(taken).as(setting.key()).isBetween(1, texts.size() - 1);
            }
        }
    }

    /** Values about the bounds and anywhere, and what is no value at all. */
    private static List<String> texts(SettingType<?> type, RandomGenerator random) {
        List<String> texts = new ArrayList<>(List.of("much", "true", "false", "dot", "cosine-no-source-norm"));
        switch (type) {
            case SettingType.Whole whole -> {
                for (int bound : new int[] {whole.min(), whole.max()}) {
                    texts.addAll(List.of("" + (bound - 1), "" + bound, "" + (bound + 1), bound + ".5"));
                }
                for (int i = 0; i < CASES; i++) {
                    texts.add(String.valueOf(random.nextInt(whole.min() - whole.max(), 2 * whole.max())));
                }
            }
            case SettingType.Number number -> {
                double least = Math.max(number.min(), -1e9);
                double greatest = Math.min(number.max(), 1e9);
                for (double bound : new double[] {least, greatest}) {
                    texts.addAll(List.of(plain(Math.nextDown(bound)), plain(bound), plain(Math.nextUp(bound))));
                }
                for (int i = 0; i < CASES; i++) {
                    texts.add(plain(random.nextDouble(least - 1, 2 * greatest + 1)));
                }
            }
            case SettingType.Truth truth -> texts.addAll(List.of("on", "1", "True"));
            case SettingType.Word<?> word -> texts.addAll(List.of("DOT", "log_cosine", "0"));
        }
        return texts;
    }

    private static String plain(double value) {
        return new BigDecimal(Double.toString(value)).toPlainString();
    }

    private Optional<ScoringPlan> read(Form form, String line) throws IOException {
        String word = SettingType.Word.of(form);
        Path file = directory.resolve("surface.yaml");
        Files.writeString(file, """
                surface: s
                kinds: [user]
                columns:
                  - name: c
                    form: %s
                    %s
                    %s
                %s
                  - {name: other, form: dense, sources: {user: dense}, candidates: {user: dense}, weight: 1}
                """.formatted(
                        word,
                        form == Form.MODEL
                                ? "model: m"
                                : "sources: {user: %s}\n    candidates: {user: %s}".formatted(word, word),
                        line,
                        line.startsWith("weight") ? "" : "    weight: 1"));
        try {
            return Optional.of(SurfaceFile.read(ServiceYaml.read(file), SPACES, List.of(), Map.of("m", MODEL)));
        } catch (ConfigException e) {
            assertThat(e).hasMessageContaining("surface.yaml line").hasMessageContaining("columns[0]");
            return Optional.empty();
        }
    }

    private Optional<ScoringPlan> override(Form form, ColumnSetting setting, String text) throws IOException {
        ScoringPlan plan = read(form, "enabled: true").orElseThrow();
        try {
            return Optional.of(PlanOverrides.apply(plan, Map.of("columns.c." + setting.key(), text), "overrides"));
        } catch (Invalid e) {
            return Optional.empty();
        }
    }
}
