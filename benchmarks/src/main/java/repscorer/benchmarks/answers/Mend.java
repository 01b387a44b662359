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
                    "sparse searches",
                    "scored= and exact counted rows that were read whole, which are fewer or more by another way to the same answer",
                    at("/ranked/exact")
                            .or((exchange, difference) -> difference.pointer().contains("/provenance/plans/")
                                    && difference.expected().contains("CLUSTERS"))),
            new Mend(
                    "callers",
                    "who hangs up within a millisecond of asking was told apart from who is answered",
                    asks("/actuator/prometheus")),
            new Mend(
                    "rules",
                    "a space was told as read for a rule that named nobody",
                    (exchange, difference) -> difference.pointer().contains("/provenance/versions/history-")));

    private static BiPredicate<Exchange, Difference> asks(String path) {
        return (exchange, difference) -> exchange.request().path().equals(path);
    }

    private static BiPredicate<Exchange, Difference> at(String place) {
        return (exchange, difference) -> difference.pointer().endsWith(place);
    }
}
