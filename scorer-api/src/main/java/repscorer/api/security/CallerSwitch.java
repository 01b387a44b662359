package repscorer.api.security;

import java.util.Optional;
import org.springframework.http.HttpStatus;
import repscorer.api.engine.Serving;
import repscorer.api.problem.RefusedException;
import repscorer.core.experiment.Switches;
import repscorer.core.experiment.Switches.Kind;
import repscorer.core.experiment.Switches.Part;
import repscorer.core.query.Source;

/** Refuses callers that are switched off. */
public final class CallerSwitch {

    private static final int RETRY_SECONDS = 30;

    private CallerSwitch() {}

    /**
     * Refuses a question of the caller of this thread's request where its share leaves the unit out.
     *
     * @param unit dealt by; a question without one is dealt by its source
     */
    public static void check(Serving serving, Optional<String> unit, Source source) {
        Switches switches = serving.config().switches();
        if (switches.isEmpty()) {
            return;
        }
        Caller.name().filter(name -> !name.equals(Caller.ADMIN)).ifPresent(name -> {
            if (!switches.serves(Kind.CALLER, name, unit.orElseGet(source::text))) {
                throw refusal(name);
            }
        });
    }

    static boolean isOff(Serving serving, String name) {
        Integer share = serving.config().switches().shares().get(new Part(Kind.CALLER, name));
        return share != null && share == 0;
    }

    static RefusedException refusal(String name) {
        return RefusedException.later(
                HttpStatus.SERVICE_UNAVAILABLE,
                "caller-switched-off",
                "caller %s is switched off, or served in part".formatted(name),
                RETRY_SECONDS);
    }
}
