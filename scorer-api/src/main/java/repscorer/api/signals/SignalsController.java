package repscorer.api.signals;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.security.SecurityRequirement;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import repscorer.api.mapping.Requests;
import repscorer.api.security.Needs;
import repscorer.api.security.Role;
import repscorer.core.entity.EntityId;
import repscorer.core.failure.ScorerException;
import repscorer.core.signal.Signal;
import repscorer.core.signal.SignalPush;
import repscorer.core.signal.SignalSource;
import repscorer.core.signal.SignalStore;
import repscorer.core.signal.SignalTypes;
import repscorer.wire.SignalBody;
import repscorer.wire.SignalsRequest;
import repscorer.wire.SignalsRequest.PushBody;
import repscorer.wire.SignalsResponse;
import repscorer.wire.SignalsTakenResponse;

/** Takes what users did, and tells it. */
@RestController
@Tag(name = "Signals")
final class SignalsController {

    private final SignalStore store;
    private final InstantSource time = InstantSource.system();

    SignalsController(SignalStore store) {
        this.store = store;
    }

    @Needs(Role.WRITE)
    @PostMapping(path = "/v1/signals", consumes = "application/json", produces = "application/json")
    @Operation(
            operationId = "pushSignals",
            summary = "Keeps what users did",
            description = "All or none. Of two signals of one type about one entity the later stays.",
            security = @SecurityRequirement(name = "admin"))
    SignalsTakenResponse push(@RequestBody SignalsRequest request) {
        List<PushBody> bodies = Requests.required("signals", request.signals());
        Requests.checkSize("signals", bodies.size(), Requests.SIGNALS_MAX);
        List<SignalPush> pushes = new ArrayList<>(bodies.size());
        SignalTypes declared = store.types();
        for (int i = 0; i < bodies.size(); i++) {
            String place = "signals[" + i + "]";
            SignalPush push = push(place, Requests.required(place, bodies.get(i)));
            try {
                store.check(push, declared);
            } catch (IllegalArgumentException e) {
                throw new ScorerException.Invalid("malformed-signal", place, place + ": " + e.getMessage());
            }
            pushes.add(push);
        }
        store.takeAll(pushes);
        return new SignalsTakenResponse(pushes.size());
    }

    private SignalPush push(String place, PushBody body) {
        EntityId user = Requests.id(place + ".user", body.user());
        EntityId entity = Requests.id(place + ".entity", body.entity());
        String type = Requests.name(place + ".type", body.type());
        Signal signal = new Signal(type, entity, at(place + ".at", body.at()));
        return new SignalPush(user, signal, Boolean.TRUE.equals(body.undone()));
    }

    private long at(String field, @Nullable String text) {
        try {
            return text == null ? time.millis() : Instant.parse(text).toEpochMilli();
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new ScorerException.Invalid(
                    "malformed-time", field, "%s is a time such as 2026-01-31T12:00:00Z: '%s'".formatted(field, text));
        }
    }

    @Needs(Role.READ_SIGNALS)
    @GetMapping(path = "/v1/signals/{user}", produces = "application/json")
    @Operation(
            operationId = "readSignals",
            summary = "What a user did, latest first",
            description = "Of the types named, or of all. A user without signals has an empty list.",
            security = @SecurityRequirement(name = "admin"))
    SignalsResponse signals(@PathVariable String user, @RequestParam(required = false) @Nullable List<String> types) {
        EntityId id = Requests.id("user", user);
        SignalTypes declared = store.types();
        Set<String> wanted = new TreeSet<>();
        if (types == null) {
            wanted.addAll(declared.names());
        } else {
            for (String type : types) {
                wanted.add(declared.find(type)
                        .orElseThrow(() -> new ScorerException.NotFound(
                                "unknown-signal",
                                "no signal is called '%s'; there are %s".formatted(type, declared.names())))
                        .name());
            }
        }
        return switch (store.by(declared).read(id, wanted, Duration.ZERO)) {
            case SignalSource.Answer.Found found ->
                new SignalsResponse(
                        id.toString(),
                        found.signals().stream().map(SignalsController::body).toList());
            case SignalSource.Answer.Unavailable gone ->
                throw new IllegalStateException("the store is in memory: " + gone.cause());
        };
    }

    private static SignalBody body(Signal signal) {
        return new SignalBody(
                signal.type(),
                signal.entity().toString(),
                Instant.ofEpochMilli(signal.atMillis()).toString());
    }
}
