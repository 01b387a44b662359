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
            new Mend(
                    "callers",
                    "who hangs up within a millisecond of asking was told apart from who is answered",
                    asks("/actuator/prometheus")),
            new Mend("document", "the API document tells of routes, keys and words that are new", asks("/v3/api-docs")),
            new Mend(
                    "experiments",
                    "ramps, hold-outs and other bucketings were not told, for there were none",
                    at("/heldOut").or(at("/bucketing")).or(at("/ramp")).or(at("/sourceKinds"))),
            new Mend(
                    "releases",
                    "a publication that failed otherwise than by its recall was not listed",
                    asks("/v1/releases")),
            new Mend(
                    "staged",
                    "a release that is staged could not be named",
                    (exchange, difference) -> difference.expected().contains("is neither live nor kept")),
            new Mend(
                    "keys",
                    "nobody was let in but by the admin token",
                    (exchange, difference) -> difference.expected().contains("Bearer realm=\"admin\"")
                            || difference.expected().contains("needs the admin token")
                            || difference.expected().contains("is not the admin token")));

    private static BiPredicate<Exchange, Difference> asks(String path) {
        return (exchange, difference) -> exchange.request().path().equals(path);
    }

    private static BiPredicate<Exchange, Difference> at(String place) {
        return (exchange, difference) -> difference.pointer().endsWith(place);
    }
}
