package repscorer.benchmarks.answers;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Asks this build what was recorded, on copies of the recorded stores, and tells what differs. */
public final class GoldenReplay {

    private static final int SHOWN_MAX = 3;

    private final Path root;
    private final GoldenFolder golden;
    private final PrintStream out;
    private final Map<String, List<String>> kinds = new TreeMap<>();
    private final Map<String, Integer> kindCounts = new TreeMap<>();
    private final Map<String, Integer> mended = new TreeMap<>();
    private int asked;
    private int differing;
    private int nearly;

    /**
     * @param root of the project whose {@code bin/repscorer} is asked
     * @param golden what a {@link GoldenRecorder} wrote; it is not changed
     */
    public GoldenReplay(Path root, Path golden, PrintStream out) {
        this.root = root;
        this.golden = new GoldenFolder(golden.toAbsolutePath());
        this.out = out;
    }

    /**
     * @param scratch takes the copies
     * @return how many answers differ, but for named mends
     */
    public int differing(Path scratch) throws IOException, InterruptedException {
        List<String> cpu = new ArrayList<>();
        for (String store : GoldenFolder.STORES) {
            Path data = scratch.resolve(store);
            GoldenFolder.copyTree(golden.data(store), data);
            List<Exchange> exchanges = Files.readAllLines(golden.exchanges(store)).stream()
                    .map(Exchange::ofLine)
                    .toList();
            try (ServiceProcess service =
                    ServiceProcess.start(root, golden.config(), data, scratch.resolve(store + ".log"))) {
                service.settle();
                for (Exchange exchange : exchanges) {
                    compare(store, exchange, service.send(exchange.request()));
                }
                cpu.add("%s %s".formatted(store, cpu(service, exchanges)));
            }
        }
        kinds.forEach((kind, shown) -> {
            out.printf(Locale.ROOT, "%s: %,d times%n", kind, kindCounts.get(kind));
            shown.forEach(out::println);
        });
        mended.forEach((name, count) -> out.printf(Locale.ROOT, "mended: %s: %,d answers%n", name, count));
        out.printf("CPU of one candidates request: %s%n", String.join(", ", cpu));
        out.printf(
                Locale.ROOT,
                "%,d of %,d differ%s%n",
                differing,
                asked,
                nearly == 0 ? "" : String.format(Locale.ROOT, ", %,d of them by rounding alone", nearly));
        return differing;
    }

    private void compare(String store, Exchange exchange, Exchange.Answer got) {
        asked++;
        boolean differs = false;
        boolean near = true;
        for (Difference difference : AnswerComparison.of(exchange.answer(), got)) {
            String mend = Mend.ALL.stream()
                    .filter(each -> each.covers().test(exchange, difference))
                    .map(Mend::name)
                    .findFirst()
                    .orElse("");
            if (!mend.isEmpty()) {
                mended.merge(mend, 1, Integer::sum);
                continue;
            }
            differs = true;
            near &= difference.near();
            String kind = exchange.group() + " " + difference.kind() + (difference.near() ? " (rounding)" : "");
            kindCounts.merge(kind, 1, Integer::sum);
            List<String> shown = kinds.computeIfAbsent(kind, each -> new ArrayList<>());
            if (shown.size() < SHOWN_MAX) {
                shown.add("  %s %s %s %s%n    %s: expected %s, got %s"
                        .formatted(
                                store,
                                exchange.number(),
                                exchange.request().path(),
                                exchange.request().body(),
                                difference.pointer(),
                                difference.expected(),
                                difference.got()));
            }
        }
        differing += differs ? 1 : 0;
        nearly += differs && near ? 1 : 0;
    }

    /** Once more, warm, what was answered with candidates: for information, since other processes share the machine. */
    private static String cpu(ServiceProcess service, List<Exchange> exchanges)
            throws IOException, InterruptedException {
        List<Exchange> candidates = exchanges.stream()
                .filter(exchange -> exchange.request().path().equals("/v1/candidates"))
                .filter(exchange -> exchange.answer().status() == 200)
                .toList();
        long before = service.cpuMillis();
        for (Exchange exchange : candidates) {
            service.send(exchange.request());
        }
        return String.format(
                Locale.ROOT, "%.2f ms", (service.cpuMillis() - before) / (double) Math.max(1, candidates.size()));
    }
}
