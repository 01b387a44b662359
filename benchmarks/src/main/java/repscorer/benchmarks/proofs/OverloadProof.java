package repscorer.benchmarks.proofs;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import repscorer.benchmarks.overload.Callers;
import repscorer.benchmarks.overload.DemoService;
import repscorer.benchmarks.overload.OpenLoop;
import repscorer.benchmarks.overload.OpenLoop.Outcome;
import repscorer.benchmarks.proof.LimitedProof;

/** A service that gets several times what it can answer goes on answering as many as it can, and refuses the others at once. */
public final class OverloadProof extends LimitedProof {

    private static final int OK = 200;
    private static final int REFUSED = 503;
    private static final int PATIENCE_MILLIS = 2_000;
    private static final int USERS = 3_900; // the last of the demo follows nobody and has no vector
    private static final double NORMAL_MILLIS = 100;
    private static final int NORMAL_IN_A_ROW = 5;

    /** What is held to where nothing else is said. */
    private static final Map<String, Double> LIMITS = Map.of(
            "goodput", 0.95, // of its peak, or of what was offered where that is less
            "admitted-ms", 100.0, // p99
            "refused-ms", 5.0, // p99
            "recovery-s", 2.0,
            "seconds", 15.0, // of each step
            "deadline-ms", 3_000.0,
            "at-once", 400.0);

    public OverloadProof() {
        this(LIMITS);
    }

    private OverloadProof(Map<String, Double> limits) {
        super(limits);
    }

    @Override
    protected OverloadProof with(Map<String, Double> all) {
        return new OverloadProof(all);
    }

    @Override
    public String name() {
        return "overload";
    }

    @Override
    public String claim() {
        return "two and three times what can be answered: 95 % of it is, the rest is refused in ms (--limit NAME=VALUE; 2 minutes)";
    }

    @Override
    public boolean holds(PrintStream out) throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("repscorer.root", "")).toAbsolutePath();
        List<String> broken = new ArrayList<>();
        try (DemoService service = DemoService.start(root, root.resolve("build/overload"));
                Callers callers = new Callers(service.address(), PATIENCE_MILLIS, "")) {
            OpenLoop.Call call = number -> callers.post("/v1/candidates", body(number));
            OpenLoop.closed(4, limit("seconds"), call); // until it is compiled
            double saturation = OpenLoop.closed(4, limit("seconds"), call).count(OK) / limit("seconds");
            out.printf(Locale.ROOT, "saturation: %.0f answers a second%n", saturation);
            Map<Integer, Outcome> steps = new TreeMap<>();
            for (int times = 1; times <= 3; times++) {
                Outcome step = OpenLoop.run(times * saturation, limit("seconds"), times, call);
                double recovery = recovery(call);
                steps.put(times, step);
                tell(out, times, step, recovery);
                hold(broken, times + "x recovery, s", recovery <= limit("recovery-s"), recovery);
            }
            judge(broken, steps, saturation);
            atOnce(out, broken, service);
        }
        broken.forEach(out::println);
        out.println(broken.isEmpty() ? "overload: all hold" : "overload: %s do not hold".formatted(broken.size()));
        return broken.isEmpty();
    }

    private static void tell(PrintStream out, int times, Outcome step, double recovery) {
        out.printf(
                Locale.ROOT,
                "%sx: %.0f offered a second, %.0f answered (p50 %.1f ms, p99 %.1f ms), %.0f refused (p50 %.1f ms, p99 %.1f ms), "
                        + "%s gave up, %s otherwise; normal again after %.2f s%n",
                times,
                step.calls() / step.seconds(),
                step.count(OK) / step.seconds(),
                step.millis(OK, 0.5),
                step.millis(OK, 0.99),
                step.count(REFUSED) / step.seconds(),
                step.millis(REFUSED, 0.5),
                step.millis(REFUSED, 0.99),
                step.count(Callers.GAVE_UP),
                step.calls() - step.count(OK) - step.count(REFUSED) - step.count(Callers.GAVE_UP),
                recovery);
    }

    private void judge(List<String> broken, Map<Integer, Outcome> steps, double saturation) {
        double peak = steps.values().stream()
                .mapToDouble(step -> step.count(OK) / step.seconds())
                .max()
                .orElse(0);
        steps.forEach((times, step) -> {
            double share = step.count(OK) / Math.min(peak * step.seconds(), step.calls());
            hold(broken, times + "x goodput", share >= limit("goodput"), share);
            double admitted = step.millis(OK, 0.99);
            hold(broken, times + "x p99 of answers, ms", admitted <= limit("admitted-ms"), admitted);
            double refused = step.millis(REFUSED, 0.99);
            hold(broken, times + "x p99 of refusals, ms", refused <= limit("refused-ms"), refused);
        });
        hold(broken, "peak", peak > 0.8 * saturation, peak);
    }

    private void atOnce(PrintStream out, List<String> broken, DemoService service)
            throws IOException, InterruptedException {
        int count = (int) limit("at-once");
        int deadline = (int) limit("deadline-ms");
        try (Callers callers =
                new Callers(service.address(), 10 * deadline, "X-Request-Deadline-Ms: %s\r\n".formatted(deadline))) {
            callers.connect(count);
            Outcome burst = OpenLoop.atOnce(count, number -> callers.post("/v1/candidates", body(number)));
            double last = Math.max(burst.millis(OK, 1), burst.millis(REFUSED, 1));
            int told = burst.count(OK) + burst.count(REFUSED);
            out.printf(
                    Locale.ROOT,
                    "%s at once: %s answered, %s refused, the last after %.0f ms%n",
                    count,
                    burst.count(OK),
                    burst.count(REFUSED),
                    last);
            hold(broken, "at once, the last, ms", told == count && last <= deadline, last);
        }
    }

    private static void hold(List<String> broken, String what, boolean holds, double figure) {
        if (!holds) {
            broken.add(String.format(Locale.ROOT, "does not hold: %s: %.3f", what, figure));
        }
    }

    /** Seconds until several answers in a row come as they do without load. */
    private static double recovery(OpenLoop.Call call) throws InterruptedException {
        long begun = System.nanoTime();
        double recovered = Double.POSITIVE_INFINITY;
        int inARow = 0;
        for (int i = 0; i < 200 && inARow < NORMAL_IN_A_ROW; i++) {
            long asked = System.nanoTime();
            boolean normal = call.make(i) == OK && (System.nanoTime() - asked) / 1e6 <= NORMAL_MILLIS;
            inARow = normal ? inARow + 1 : 0;
            if (inARow == 1) {
                recovered = (System.nanoTime() - begun) / 1e9;
            }
            Thread.sleep(20);
        }
        return inARow == NORMAL_IN_A_ROW ? recovered : Double.POSITIVE_INFINITY;
    }

    private static String body(int number) {
        String surface = number % 2 == 0 ? "follow" : "tweet";
        return "{\"surface\":\"%s\",\"source\":{\"id\":\"user:%s\"},\"k\":100,\"explain\":true}"
                .formatted(surface, 1 + (number * 31) % USERS);
    }
}
