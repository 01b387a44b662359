package repscorer.benchmarks.requests;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code bench requests} measures.
 *
 * @param data the store to serve; the demo's, made anew, where empty
 * @param scores how many candidates a request for scores names; 0 asks for candidates
 * @param excluded how many ids a request excludes, beside requests that exclude none; 0 leaves these alone
 * @param engines beside ours that do the same job in turn; ours may be named
 * @param connections callers of the closed loop, each with one request at a time
 * @param rate requests a second of the open loop; 0 leaves it out
 * @param seconds each round takes
 */
public record RequestsOptions(
        Path config,
        Optional<Path> data,
        String surface,
        String sourceKind,
        int k,
        int scores,
        int excluded,
        boolean explain,
        List<String> engines,
        int connections,
        double rate,
        double seconds,
        int rounds,
        boolean profile) {

    /** Users who ask whom to follow, in a closed loop, ours alone. */
    static RequestsOptions follow(Path config, int k, int connections, double seconds, int rounds) {
        return new RequestsOptions(
                config,
                Optional.empty(),
                "follow",
                "user",
                k,
                0,
                0,
                false,
                List.of("ours"),
                connections,
                0,
                seconds,
                rounds,
                false);
    }
}
