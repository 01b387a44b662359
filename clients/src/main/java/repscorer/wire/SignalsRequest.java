package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/signals}: signals to keep, all or none.
 *
 * @param signals at most 10,000; of two of one type about one entity the later stays
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SignalsRequest(@Nullable List<PushBody> signals) {

    /**
     * One thing that a user did, or took back.
     *
     * @param user who did it, such as {@code user:12}
     * @param type one of the declared signals
     * @param entity what it was done to
     * @param at when, such as {@code 2026-01-31T12:00:00Z}; now where absent
     * @param undone true where the user took it back, such as an unblocking
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PushBody(
            @Nullable String user,
            @Nullable String type,
            @Nullable String entity,
            @Nullable String at,
            @Nullable Boolean undone) {}
}
