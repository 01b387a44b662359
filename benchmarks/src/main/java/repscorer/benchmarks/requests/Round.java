package repscorer.benchmarks.requests;

import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import repscorer.benchmarks.answers.ServiceProcess;
import repscorer.benchmarks.overload.OpenLoop;
import repscorer.benchmarks.overload.OpenLoop.Outcome;

/** What came of some seconds of requests in a closed loop, and what they cost the service. */
record Round(int callers, Outcome outcome, double cpuSeconds, Meters before, Meters after) {

    static final int OK = 200;

    /** @throws IOException where nothing was answered */
    static Round of(ServiceProcess service, int callers, double seconds, OpenLoop.Call call)
            throws IOException, InterruptedException {
        Meters before = Meters.of(service.address());
        long cpuBefore = service.cpuMillis();
        Outcome outcome = OpenLoop.closed(callers, seconds, call);
        double cpuSeconds = (service.cpuMillis() - cpuBefore) / 1e3;
        Round round = new Round(callers, outcome, cpuSeconds, before, Meters.of(service.address()));
        if (round.answered() == 0) {
            throw new IOException("nothing was answered with 200, but with "
                    + Arrays.stream(outcome.statuses()).distinct().boxed().toList());
        }
        return round;
    }

    private int answered() {
        return outcome.count(OK);
    }

    double perCpuSecond() {
        return answered() / cpuSeconds;
    }

    double cpuMillisEach() {
        return 1e3 * cpuSeconds / answered();
    }

    String line(String what) {
        return String.format(
                Locale.ROOT,
                "%s, %s callers: %.0f requests a CPU second (%.2f ms each), %.1f KiB allocated each, p50 %.2f ms, p99 %.2f ms,"
                        + " %s failed; %s",
                what,
                callers,
                perCpuSecond(),
                cpuMillisEach(),
                (after.allocated() - before.allocated()) / 1024 / answered(),
                outcome.millis(OK, .5),
                outcome.millis(OK, .99),
                outcome.calls() - answered(),
                shares());
    }

    private String shares() {
        Map<String, Double> took = after.stageSeconds().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        entry -> entry.getValue() - before.stageSeconds().getOrDefault(entry.getKey(), 0.0)));
        double all = took.values().stream().mapToDouble(Double::doubleValue).sum();
        return new TreeMap<>(took)
                .entrySet().stream()
                        .filter(stage -> stage.getValue() > 0)
                        .map(stage ->
                                String.format(Locale.ROOT, "%s %.0f %%", stage.getKey(), 100 * stage.getValue() / all))
                        .collect(Collectors.joining(", "));
    }
}
