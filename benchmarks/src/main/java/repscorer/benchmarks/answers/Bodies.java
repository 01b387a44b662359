package repscorer.benchmarks.answers;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A JSON object that is put together key by key. */
record Bodies(Map<String, Object> values) {

    private static final JsonMapper JSON = JsonMapper.shared();

    static Bodies of() {
        return new Bodies(new LinkedHashMap<>());
    }

    static Bodies of(String key, Object value) {
        return of().put(key, value);
    }

    /** @param value a number, text, truth, list, map or {@code Bodies} */
    Bodies put(String key, Object value) {
        values.put(key, value instanceof Bodies bodies ? bodies.values : value);
        return this;
    }

    JsonNode tree() {
        return JSON.valueToTree(values);
    }

    String text() {
        return JSON.writeValueAsString(values);
    }
}
