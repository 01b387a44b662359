package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The configuration in force.
 *
 * @param since when it began to answer
 * @param files the SHA-256 of each file that it was made of, by path below the configuration directory
 * @param refused whether the files as they are now were refused, so that they are not what is in force
 * @param lastRefusal the last there was, whether it still stands or not
 * @param needsRestart what was changed and has no effect before a restart
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConfigBody(
        String since,
        Map<String, String> files,
        boolean refused,
        @Nullable RefusalBody lastRefusal,
        List<String> needsRestart) {

    /**
     * Why files were not taken.
     *
     * @param at when
     * @param reason the file, the line, the rule and the value
     */
    public record RefusalBody(String at, String reason) {}
}
