package repscorer.core.plan;

import java.util.EnumMap;
import java.util.Map;
import repscorer.core.explore.Exploration;

/** What an exploration may set: the table that files, overrides and {@code GET /v1/surfaces} go by. */
public enum ExplorationSetting {
    METHOD("method", new SettingType.Word<>(Exploration.Method.class), Exploration.NONE.method()),
    AFTER("after", new SettingType.Whole(0, Exploration.RANKS_MAX), Exploration.NONE.after()),
    WINDOW("window", new SettingType.Whole(Exploration.WINDOW_MIN, Exploration.RANKS_MAX), Exploration.NONE.window()),
    TEMPERATURE(
            "temperature",
            new SettingType.Number(Exploration.TEMPERATURE_MIN, Exploration.TEMPERATURE_MAX),
            Exploration.NONE.temperature());

    private final String key;
    private final SettingType<?> type;
    private final Object standard;

    <V> ExplorationSetting(String key, SettingType<V> type, V standard) {
        this.key = key;
        this.type = type;
        this.standard = standard;
    }

    /** As files write it; overrides put {@code explore.} before it. */
    public String key() {
        return key;
    }

    public SettingType<?> type() {
        return type;
    }

    /** What an exploration sets. */
    public static Map<ExplorationSetting, Object> in(Exploration exploration) {
        Map<ExplorationSetting, Object> settings = new EnumMap<>(ExplorationSetting.class);
        settings.put(METHOD, exploration.method());
        settings.put(AFTER, exploration.after());
        settings.put(WINDOW, exploration.window());
        settings.put(TEMPERATURE, exploration.temperature());
        return settings;
    }

    /**
     * An exploration; what its settings leave out is as usual.
     *
     * @throws IllegalArgumentException for a value out of bounds
     */
    public static Exploration exploration(Map<ExplorationSetting, Object> settings) {
        return new Exploration(
                (Exploration.Method) METHOD.of(settings), (int) AFTER.of(settings), (int) WINDOW.of(settings), (double)
                        TEMPERATURE.of(settings));
    }

    private Object of(Map<ExplorationSetting, Object> settings) {
        return settings.getOrDefault(this, standard);
    }
}
