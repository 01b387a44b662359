package repscorer.client;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import repscorer.json.UnreadableJsonException;
import repscorer.json.WireJson;
import repscorer.resilience.FailureCause;
import repscorer.resilience.Outcome;
import repscorer.resilience.Repeat;
import repscorer.resilience.ResilientHttp;
import repscorer.wire.ProblemBody;

/** Sends calls and reads what comes back: a record, or the exception that fits. Safe for concurrent use. */
final class Calls {

    private static final int DETAIL_CHARS_MAX = 200;

    private final ResilientHttp http;

    Calls(ResilientHttp http) {
        this.http = http;
    }

    /** One call, and how long it and its repeat may take. */
    record Call(HttpRequest request, Repeat repeat, Duration budget) {}

    /** Whether it is answered with 200. */
    boolean isOk(Call call) {
        return http.call(call.request, call.repeat, call.budget) instanceof Outcome.Answered answered
                && answered.status() == 200;
    }

    <T extends Record> T one(Call call, Class<T> type) {
        Outcome.Answered answered = answered(call);
        try {
            return WireJson.read(answered.body(), type);
        } catch (UnreadableJsonException e) {
            throw unreadable(answered, call, e);
        }
    }

    /** A call that is answered by lines, the last of which sums up. */
    <T extends Record, S extends Record> Lines<T, S> lines(Call call, Class<T> line, Class<S> last) {
        Outcome.Answered answered = answered(call);
        List<String> lines =
                new String(answered.body(), StandardCharsets.UTF_8).lines().toList();
        List<T> each = new ArrayList<>(lines.size());
        try {
            for (String read : lines.subList(0, Math.max(0, lines.size() - 1))) {
                each.add(WireJson.read(read.getBytes(StandardCharsets.UTF_8), line));
            }
            String sum = lines.isEmpty() ? "" : lines.getLast();
            return new Lines<>(each, WireJson.read(sum.getBytes(StandardCharsets.UTF_8), last));
        } catch (UnreadableJsonException e) {
            throw unreadable(answered, call, e);
        }
    }

    /** Answers to lines, and the sum of them. */
    record Lines<T, S>(List<T> lines, S last) {}

    /** A call that is answered without a body. */
    void nothing(Call call) {
        answered(call);
    }

    <T extends Record> List<T> list(Call call, Class<T> element) {
        Outcome.Answered answered = answered(call);
        try {
            return WireJson.readList(answered.body(), element);
        } catch (UnreadableJsonException e) {
            throw unreadable(answered, call, e);
        }
    }

    /** A successful answer, or the exception that fits. */
    Outcome.Answered answered(Call call) {
        return switch (http.call(call.request, call.repeat, call.budget)) {
            case Outcome.Failed failed -> {
                if (failed.cause() == FailureCause.TOO_LARGE) {
                    throw new ScorerClientException.Broken(failed.message(), null);
                }
                throw new ScorerClientException.Unavailable(failed.message(), 0, null, null);
            }
            case Outcome.Answered answered -> {
                int status = answered.status();
                if (status >= 200 && status < 300) {
                    yield answered;
                }
                Optional<ProblemBody> problem = problem(answered);
                String message = problem.map(ProblemBody::detail).orElseGet(() -> text(answered)) + at(status, call);
                if (status >= 400 && status < 500) {
                    throw new ScorerClientException.Refused(message, problem.orElseGet(() -> bare(status)));
                }
                if (status >= 500) {
                    throw new ScorerClientException.Unavailable(
                            message, status, problem.orElse(null), retryAfter(answered));
                }
                throw new ScorerClientException.Broken("a status nobody expects" + at(status, call), null);
            }
        };
    }

    private static Optional<ProblemBody> problem(Outcome.Answered answered) {
        if (!answered.isJson()) {
            return Optional.empty();
        }
        try {
            return Optional.of(WireJson.read(answered.body(), ProblemBody.class));
        } catch (UnreadableJsonException e) {
            return Optional.empty();
        }
    }

    private static ProblemBody bare(int status) {
        return new ProblemBody(null, null, status, null, null, null, null);
    }

    private static String text(Outcome.Answered answered) {
        String text = new String(answered.body(), StandardCharsets.UTF_8).strip();
        return text.isEmpty()
                ? "no reason given"
                : text.length() <= DETAIL_CHARS_MAX ? text : text.substring(0, DETAIL_CHARS_MAX) + "...";
    }

    private static @Nullable Duration retryAfter(Outcome.Answered answered) {
        String seconds = answered.headers().firstValue("Retry-After").orElse("");
        return seconds.matches("[0-9]{1,6}") ? Duration.ofSeconds(Long.parseLong(seconds)) : null;
    }

    private static ScorerClientException unreadable(
            Outcome.Answered answered, Call call, UnreadableJsonException cause) {
        return new ScorerClientException.Broken(cause.getMessage() + at(answered.status(), call), cause);
    }

    private static String at(int status, Call call) {
        return " (status %s, %s %s)".formatted(status, call.request.method(), call.request.uri());
    }
}
