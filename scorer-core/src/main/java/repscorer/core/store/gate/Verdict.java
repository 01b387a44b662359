package repscorer.core.store.gate;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether a release may go live.
 *
 * @param gates that it was held to
 * @param forced who lets it go live though gates failed; empty where nobody does, and where none failed
 */
public record Verdict(List<GateResult> gates, Optional<Forced> forced) {

    /** Nothing was asked. */
    public static final Verdict NONE = new Verdict(List.of(), Optional.empty());

    /** Who had a release go live past its gates, why and when. */
    public record Forced(String by, String reason, Instant at) {}

    public Verdict {
        gates = List.copyOf(gates);
        forced = gates.stream().allMatch(GateResult::passed) ? Optional.empty() : forced;
    }

    public List<GateResult> failed() {
        return gates.stream().filter(gate -> !gate.passed()).toList();
    }

    public boolean mayGoLive() {
        return forced.isPresent() || failed().isEmpty();
    }

    /** What keeps it from going live: gate, place, value and bound of each that failed. */
    public String words() {
        return failed().stream().map(GateResult::words).collect(Collectors.joining("; "));
    }
}
