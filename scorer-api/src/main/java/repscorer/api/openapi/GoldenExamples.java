package repscorer.api.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import tools.jackson.databind.json.JsonMapper;

/**
 * The golden examples by their files' names: {@code candidates-request-minimal.json} is the request {@code minimal} of
 * {@code candidates}.
 */
record GoldenExamples(Map<String, Object> byName) {

    static GoldenExamples load() {
        Map<String, Object> examples = new TreeMap<>();
        try {
            for (Resource file : new PathMatchingResourcePatternResolver()
                    .getResources("classpath*:repscorer/api/examples/*.json")) {
                try (InputStream in = file.getInputStream()) {
                    String name = String.valueOf(file.getFilename()).replace(".json", "");
                    // Plain maps and lists, which any writer of the document understands.
                    examples.put(name, JsonMapper.shared().readValue(in, Object.class));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new GoldenExamples(examples);
    }

    Map<String, Object> requests(String operation) {
        return of(operation + "-request");
    }

    Map<String, Object> responses(String operation) {
        return of(operation + "-response");
    }

    private Map<String, Object> of(String prefix) {
        Map<String, Object> found = new TreeMap<>();
        byName.forEach((name, value) -> {
            if (name.equals(prefix)) {
                found.put("usual", value);
            } else if (name.startsWith(prefix + "-")) {
                found.put(name.substring(prefix.length() + 1), value);
            }
        });
        return found;
    }
}
