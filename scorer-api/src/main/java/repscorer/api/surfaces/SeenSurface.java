package repscorer.api.surfaces;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import repscorer.api.tenants.World;
import repscorer.wire.SurfaceBody;

/** What a tenant is told of a surface that it may ask: all settings, and of the spaces behind them its own. */
final class SeenSurface {

    /** Keys of a column under which spaces stand by kind. */
    private static final List<String> BY_KIND = List.of("sources", "candidates");

    private static final String ANCHORS = "anchors";
    private static final String REASON = "reason";
    private static final String NAMES = "names";
    private static final String TRANSLATIONS = "translations";
    private static final String SPACE = "space";
    private static final String HISTORIES = "histories";

    private SeenSurface() {}

    static SurfaceBody of(World world, SurfaceBody body) {
        if (world.tenant().isEmpty()) {
            return body;
        }
        return new SurfaceBody(
                body.surface(),
                body.kinds(),
                body.kDefault(),
                body.blend(),
                world.own(body.exclude()),
                body.columns().stream().map(column -> column(world, column)).toList(),
                attributes(body.attributes()),
                null,
                rules(body.rules()),
                body.explore(),
                body.calibration());
    }

    private static Map<String, Object> column(World world, Map<String, Object> column) {
        Map<String, Object> seen = new LinkedHashMap<>(column);
        for (String key : BY_KIND) {
            if (column.get(key) instanceof Map<?, ?> spaces) {
                Map<Object, Object> own = new LinkedHashMap<>(spaces);
                own.values().removeIf(space -> isForeign(world, space));
                seen.put(key, own);
            }
        }
        if (column.containsKey(ANCHORS) && isForeign(world, column.get(ANCHORS))) {
            seen.remove(ANCHORS);
        }
        if (column.get(REASON) instanceof Map<?, ?> reason && isForeign(world, reason.get(NAMES))) {
            Map<Object, Object> others = new LinkedHashMap<>(reason);
            others.remove(NAMES);
            seen.put(REASON, others);
        }
        if (column.get(TRANSLATIONS) instanceof List<?> translations) {
            seen.put(
                    TRANSLATIONS,
                    translations.stream()
                            .filter(each -> each instanceof Map<?, ?> by && !isForeign(world, by.get(SPACE)))
                            .toList());
        }
        return seen;
    }

    private static boolean isForeign(World world, @Nullable Object space) {
        return space != null && !world.seesSpace(space.toString());
    }

    /** Attributes keep their names, which filters ask for; where they are read is not told. */
    private static @Nullable Map<String, Object> attributes(@Nullable Map<String, Object> attributes) {
        if (attributes == null) {
            return null;
        }
        Map<String, Object> seen = new LinkedHashMap<>(attributes);
        seen.replaceAll((name, where) -> Map.of());
        return seen;
    }

    /** Rules keep their names and modes, which overrides ask for. */
    private static @Nullable List<Map<String, Object>> rules(@Nullable List<Map<String, Object>> rules) {
        return rules == null ? null : rules.stream().map(SeenSurface::rule).toList();
    }

    private static Map<String, Object> rule(Map<String, Object> rule) {
        Map<String, Object> seen = new LinkedHashMap<>(rule);
        seen.remove(HISTORIES);
        return seen;
    }
}
