package repscorer.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.core.blend.Calibration;
import repscorer.core.entity.EntityKind;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.model.LinearMargin;
import repscorer.core.model.ModelFeature;
import repscorer.core.model.RankModel;
import repscorer.core.plan.ColumnPlan.Form;

class ColumnSettingTest {

    private static final RankModel MODEL = new RankModel(
            "click",
            List.of(new ModelFeature.Age()),
            new LinearMargin(0, List.of(new LinearMargin.Term(false, 0, 1, 1, 0))),
            new Calibration(List.of(new Calibration.Point(-1, .1), new Calibration.Point(1, .9))),
            new RankModel.Spread(.3, .2));

    private static ColumnBuilder column(Form form) {
        ColumnBuilder column = new ColumnBuilder(form, "c");
        return form == Form.MODEL
                ? column.model(MODEL)
                : column.source(EntityKind.USER, "a").candidate(EntityKind.USER, "b");
    }

    /** The least and the greatest values, or all there are. */
    private static List<Object> ends(ColumnSetting setting) {
        return switch (setting.type()) {
            case SettingType.Whole whole -> List.of(whole.min(), whole.max());
            case SettingType.Number number ->
                number.equals(SettingType.Number.ANY)
                        ? List.of(-Double.MAX_VALUE, Double.MAX_VALUE)
                        : List.of(number.min(), number.max());
            case SettingType.Truth truth -> List.of(true, false);
            case SettingType.Word<?> word -> List.of((Object[]) word.type().getEnumConstants());
        };
    }

    /** Values just outside of the bounds, and of another type. */
    private static List<Object> outside(ColumnSetting setting) {
        return switch (setting.type()) {
            case SettingType.Whole whole -> List.of(whole.min() - 1, whole.max() + 1, (double) whole.min(), "1");
            case SettingType.Number number ->
                number.equals(SettingType.Number.ANY)
                        ? List.of(Double.NaN, 1)
                        : List.of(
                                Math.nextDown(number.min()), Math.nextUp(number.max()), Double.NaN, (int) number.min());
            case SettingType.Truth truth -> List.of("true", 1);
            case SettingType.Word<?> word -> List.of("dot", 0);
        };
    }

    private static String text(Object value) {
        return value instanceof Enum<?> constant ? SettingType.Word.of(constant) : value.toString();
    }

    @ParameterizedTest
    @EnumSource
    void aColumnThatSaysNothingHasTheDefault(ColumnSetting setting) {
        for (Form form : setting.forms()) {
            assertThat(setting.get(column(form).build())).isEqualTo(setting.standard(form));
            assertThat(setting.type().allows(setting.standard(form))).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theLeastAndTheGreatestAreTaken(ColumnSetting setting) {
        for (Form form : setting.forms()) {
            for (Object value : ends(setting)) {
                ColumnPlan column = column(form).set(setting, value).build();
                assertThat(setting.get(column)).isEqualTo(value);
                assertThat(column.toBuilder().build()).isEqualTo(column);
                for (ColumnSetting other : ColumnSetting.of(form)) {
                    // Exact search scores everything anew.
                    if (other != setting && !(other == ColumnSetting.RESCORE && setting == ColumnSetting.EXACT)) {
                        assertThat(other.get(column)).as(other.key()).isEqualTo(other.standard(form));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsJustOutsideIsRefusedWithRuleValueAndPlace(ColumnSetting setting) {
        for (Form form : setting.forms()) {
            for (Object value : outside(setting)) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> column(form).set(setting, value))
                        .withMessage("%s must be %s: %s (column c)"
                                .formatted(setting.key(), setting.type().bounds(), value));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void columnsOfTheOtherFormDoNotHaveIt(ColumnSetting setting) {
        for (Form form : Form.values()) {
            if (!setting.forms().contains(form)) {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> column(form).set(setting, 0))
                        .withMessage("%s is not for %s columns (column c)"
                                .formatted(setting.key(), SettingType.Word.of(form)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void overridesTakeWhatColumnsTakeAndNothingElse(ColumnSetting setting) {
        for (Form form : setting.forms()) {
            ScoringPlan plan = ScoringPlan.of("s", EntityKind.USER)
                    .columns(
                            column(form).build(),
                            ColumnPlan.dense("d")
                                    .source(EntityKind.USER, "a")
                                    .candidate(EntityKind.USER, "b")
                                    .build())
                    .build();
            String key = "columns.c." + setting.key();
            for (Object value : ends(setting)) {
                ScoringPlan changed = PlanOverrides.apply(plan, Map.of(key, text(value)), "o");
                assertThat(setting.get(changed.columns().getFirst())).isEqualTo(value);
            }
            for (Object value : outside(setting)) {
                // What is of another type may be a fine value as text: "1" for 1, "0" for 0.0.
                if (value instanceof String
                        || (setting.type() instanceof SettingType.Number && value instanceof Integer)) {
                    continue;
                }
                assertThatThrownBy(() -> PlanOverrides.apply(plan, Map.of(key, text(value)), "o"))
                        .isInstanceOfSatisfying(
                                Invalid.class, e -> assertThat(e.code()).isEqualTo("override-out-of-bounds"));
            }
        }
    }

    @Test
    void theTableOfTheDocumentsIsThisOne() throws IOException {
        String table = Arrays.stream(ColumnSetting.values())
                .map(ColumnSettingTest::row)
                .collect(Collectors.joining("\n"));
        Path document = Path.of(System.getProperty("repscorer.root", "..")).resolve("docs/reference.md");
        assertThat(Files.readString(document)).contains(table);
    }

    private static String standards(ColumnSetting setting) {
        return setting == ColumnSetting.SCORE_MIN
                ? "as the form asks: sparse and text 0.0, dense none"
                : text(setting.standard(setting.forms().iterator().next()));
    }

    private static String row(ColumnSetting setting) {
        List<String> forms = setting.forms().stream().map(SettingType.Word::of).toList();
        String last = forms.getLast();
        String form = forms.size() == Form.values().length
                ? ""
                : (forms.size() == 1 ? last : String.join(", ", forms.subList(0, forms.size() - 1)) + " and " + last)
                        + ": ";
        return "| `columns[].%s` | %s | %s | %s%s |"
                .formatted(
                        setting.key(),
                        setting.type().bounds(),
                        setting.required() ? "required" : standards(setting),
                        form,
                        setting.meaning());
    }
}
