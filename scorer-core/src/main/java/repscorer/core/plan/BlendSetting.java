package repscorer.core.plan;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import repscorer.core.blend.BlendRecipe;
import repscorer.core.blend.Normalizer;

/**
 * What a method of blending may set: the table that files, overrides and {@code GET /v1/surfaces} go by. The bounds are those of
 * overrides; a file may say whatever the recipe itself allows.
 */
public enum BlendSetting {
    NORMALIZER("normalizer", "linear", new SettingType.Word<>(Normalizer.class), Normalizer.Z_SCORE),
    RANK_CONSTANT(
            "rank-constant",
            "reciprocal-rank",
            new SettingType.Whole(1, 10_000),
            BlendRecipe.ReciprocalRank.RANK_CONSTANT_DEFAULT),
    SHRINKAGE("shrinkage", "count-weighted", new SettingType.Number(0, 1), 1.0),
    ADJUSTMENTS_MAX(
            "adjustments-max",
            "count-weighted",
            new SettingType.Whole(1, Integer.MAX_VALUE),
            BlendRecipe.CountWeighted.ADJUSTMENTS_MAX_DEFAULT);

    /** How columns may be blended, as files and overrides write it. */
    public static final List<String> METHODS = List.of("linear", "reciprocal-rank", "round-robin", "count-weighted");

    private final String key;
    private final String method;
    private final SettingType<?> type;
    private final Object standard;

    <V> BlendSetting(String key, String method, SettingType<V> type, V standard) {
        this.key = key;
        this.method = method;
        this.type = type;
        this.standard = standard;
    }

    /** As files write it; overrides put {@code blend.} before it. */
    public String key() {
        return key;
    }

    /** The method that it belongs to. */
    public String method() {
        return method;
    }

    public SettingType<?> type() {
        return type;
    }

    /** Whether experiments and requests may change it. */
    public boolean overridable() {
        return this != ADJUSTMENTS_MAX;
    }

    public static List<BlendSetting> of(String method) {
        return Arrays.stream(values())
                .filter(setting -> setting.method.equals(method))
                .toList();
    }

    /** What a recipe sets. */
    public static Map<BlendSetting, Object> in(BlendRecipe recipe) {
        Map<BlendSetting, Object> settings = new EnumMap<>(BlendSetting.class);
        switch (recipe) {
            case BlendRecipe.Linear linear -> settings.put(NORMALIZER, linear.normalizer());
            case BlendRecipe.ReciprocalRank ranked -> settings.put(RANK_CONSTANT, ranked.rankConstant());
            case BlendRecipe.RoundRobin interleaved -> {}
            case BlendRecipe.CountWeighted weighted -> {
                settings.put(SHRINKAGE, weighted.shrinkage());
                settings.put(ADJUSTMENTS_MAX, weighted.adjustmentsMax());
            }
        }
        return settings;
    }

    /**
     * A recipe of a method; what its settings leave out is as usual.
     *
     * @throws IllegalArgumentException for a method there is not, or a value out of bounds
     */
    public static BlendRecipe recipe(String method, Map<BlendSetting, Object> settings) {
        return switch (method) {
            case "linear" -> new BlendRecipe.Linear((Normalizer) NORMALIZER.of(settings));
            case "reciprocal-rank" -> new BlendRecipe.ReciprocalRank((int) RANK_CONSTANT.of(settings));
            case "round-robin" -> new BlendRecipe.RoundRobin();
            case "count-weighted" ->
                new BlendRecipe.CountWeighted((double) SHRINKAGE.of(settings), (int) ADJUSTMENTS_MAX.of(settings));
            default -> throw new IllegalArgumentException("must be one of %s".formatted(String.join(", ", METHODS)));
        };
    }

    private Object of(Map<BlendSetting, Object> settings) {
        return settings.getOrDefault(this, standard);
    }
}
