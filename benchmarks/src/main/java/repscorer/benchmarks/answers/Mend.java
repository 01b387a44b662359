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
                    "one-word",
                    "the API document called compaction folding",
                    (exchange, difference) ->
                            difference.pointer().startsWith("/paths/~1v1~1spaces~1{space}~1compact/post/summary")),
            new Mend(
                    "V5",
                    "a message named the class of a library",
                    (exchange, difference) -> difference.pointer().equals("/detail")
                            && difference.expected().contains("org.apache.commons.csv.")),
            new Mend(
                    "S6",
                    "rules did not tell what they do without their signals",
                    (exchange, difference) -> exchange.request().path().equals("/v1/surfaces")
                            && difference.pointer().endsWith("/on-missing")),
            new Mend(
                    "S16",
                    "anyone could read what a user did, blocks and mutes included",
                    (exchange, difference) -> readsSignals(exchange.request())
                            || difference.pointer().startsWith("/paths/~1v1~1signals~1{user}/get/security")));

    private static boolean readsSignals(Exchange.Request request) {
        return request.method().equals("GET")
                && request.path().startsWith("/v1/signals/")
                && !request.headers().containsKey("Authorization");
    }
}
