package repscorer.core.store.gate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import repscorer.core.store.gate.Verdict.Forced;

/** How a verdict stands among the entries of a manifest: {@code gate.coverage of twhin-user=0.98 0.5 Infinity}. */
public final class VerdictText {

    private static final String GATE = "gate.";
    private static final String OF = " of ";
    private static final String BY = "forced.by";
    private static final String REASON = "forced.reason";
    private static final String AT = "forced.at";

    private VerdictText() {}

    /** Adds what there is of it. */
    public static void write(Verdict verdict, Map<String, String> entries) {
        for (GateResult each : verdict.gates()) {
            entries.put(
                    GATE + each.gate() + OF + each.place(), "%s %s %s".formatted(each.value(), each.min(), each.max()));
        }
        verdict.forced().ifPresent(forced -> {
            entries.put(BY, forced.by());
            entries.put(REASON, forced.reason());
            entries.put(AT, forced.at().toString());
        });
    }

    /** @throws IllegalArgumentException when an entry is damaged */
    public static Verdict read(Map<String, String> entries) {
        List<GateResult> gates = new ArrayList<>();
        entries.forEach((key, value) -> {
            int of = key.indexOf(OF);
            if (key.startsWith(GATE) && of > 0) {
                gates.add(gate(key.substring(GATE.length(), of), key.substring(of + OF.length()), value));
            }
        });
        String by = entries.get(BY);
        String at = entries.get(AT);
        return new Verdict(
                gates,
                by == null || at == null
                        ? Optional.empty()
                        : Optional.of(new Forced(by, entries.getOrDefault(REASON, ""), Instant.parse(at))));
    }

    private static GateResult gate(String name, String place, String text) {
        String[] numbers = text.split(" ", -1);
        if (numbers.length != 3) {
            throw new IllegalArgumentException("a gate has a value and two bounds: '%s'".formatted(text));
        }
        return new GateResult(
                name,
                place,
                Double.parseDouble(numbers[0]),
                Double.parseDouble(numbers[1]),
                Double.parseDouble(numbers[2]));
    }
}
