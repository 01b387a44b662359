package repscorer.benchmarks.answers;

import java.util.List;
import java.util.function.BiPredicate;

/**
 * A change of answers that is meant.
 *
 * @param reason what was wrong before
 * @param covers whether it explains a difference of an exchange
 */
record Mend(String name, String reason, BiPredicate<Exchange, Difference> covers) {

    /** All that are known. A mend ends when the answers are recorded anew. */
    static final List<Mend> ALL = List.of(
            new Mend("S24", "the API document named no required keys and described nothing", asks("/v3/api-docs")),
            new Mend("S14", "no metric told of requests that wait or are refused", asks("/actuator/prometheus")),
            new Mend("S45", "readiness did not tell that every search fails", at("/components/searches")),
            new Mend(
                    "S8",
                    "surfaces left out what their plans know of candidates",
                    asks("/v1/surfaces").and(at("/attributes").or(at("/created")))),
            new Mend(
                    "S7",
                    "why-not named settings that were refused, or needlessly large",
                    asks("/v1/why-not")
                            .and(at("/by")
                                    .or(at("/needed"))
                                    .or(at("/remedy"))
                                    .or(at("/setting"))
                                    .or(at("/value")))),
            new Mend(
                    "S9",
                    "there is one more scale",
                    at("/detail")
                            .and((exchange, difference) -> difference.expected().contains("z-score and l2 only"))),
            new Mend(
                    "S28",
                    "problems lacked the value, or the place in a list",
                    at("/detail").or(asks("/v1/signals").and(at("/field")))),
            new Mend(
                    "V11",
                    "equal rows were not found for one another",
                    asks("/v1/releases")
                            .and((exchange, difference) -> difference.pointer().contains("/checks/"))));

    private static BiPredicate<Exchange, Difference> asks(String path) {
        return (exchange, difference) -> exchange.request().path().equals(path);
    }

    private static BiPredicate<Exchange, Difference> at(String place) {
        return (exchange, difference) -> difference.pointer().endsWith(place);
    }
}
