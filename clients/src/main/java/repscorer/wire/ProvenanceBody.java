package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;

/**
 * Where an answer comes from.
 *
 * @param versions of the spaces that took part
 * @param experiments the variants the unit is in
 * @param notices what was missing or degraded, and why
 * @param micros how long each stage took
 * @param plans how each column was searched
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProvenanceBody(
        String decisionId,
        String release,
        Map<String, String> versions,
        List<AssignmentBody> experiments,
        List<NoticeBody> notices,
        Map<String, Long> micros,
        Map<String, String> plans) {

    /** The variant of an experiment that the unit is in. */
    public record AssignmentBody(String experiment, String variant) {}

    /**
     * What was missing or degraded.
     *
     * @param column empty where the whole answer is concerned
     * @param reason a code, such as {@code timeout}
     * @param message the same in words
     */
    public record NoticeBody(String column, String reason, String message) {}
}
