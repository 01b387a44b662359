package repscorer.benchmarks.reliability;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import repscorer.benchmarks.reliability.Workload.ReleaseFiles;
import repscorer.core.disk.Disk;
import repscorer.core.failure.Finding;
import repscorer.core.signal.SignalStore;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.StoreOptions;

/** Kills a process that works on a store, again and again, and holds what is left to what the process had acknowledged. */
public final class CrashRun {

    private static final StoreOptions OPTIONS = Workload.options(1_000_000);

    private final Path directory;
    private final PrintStream out;
    private final SplittableRandom random;
    private final List<ReleaseFiles> files;
    private final Oracle oracle = new Oracle(Workload.KEPT);
    private final Oracle signalOracle = new Oracle(0);
    private final List<String> differences = new ArrayList<>();
    private long acknowledged;
    private long torn;
    private long backups;

    /** What the kills came to. @param differences empty where all guarantees held */
    public record Result(List<String> differences, long acknowledged, long torn, long backups) {}

    private CrashRun(Path directory, PrintStream out, long seed) throws IOException {
        this.directory = directory;
        this.out = out;
        this.random = new SplittableRandom(seed);
        this.files = FaultRun.releases(Files.createDirectories(directory.resolve("files")));
        signalOracle.begin(CrashChild.SIGNALS, Map.of());
        signalOracle.live(CrashChild.SIGNALS);
    }

    /** @param directory empty; used for the store and its files */
    public static Result run(Path directory, int kills, long seed, PrintStream out)
            throws IOException, InterruptedException {
        CrashRun run = new CrashRun(directory, out, seed);
        for (int kill = 0; kill < kills && run.differences.isEmpty(); kill++) {
            run.kill(kill);
            if ((kill + 1) % 20 == 0) {
                out.printf("%s kills, %s steps acknowledged%n", kill + 1, run.acknowledged);
            }
        }
        return new Result(run.differences, run.acknowledged, run.torn, run.backups);
    }

    private void kill(int number) throws IOException, InterruptedException {
        List<String> told = new ArrayList<>();
        Process child = start(number);
        CountDownLatch working = new CountDownLatch(1);
        Thread reader = Thread.ofVirtual().start(() -> {
            try (BufferedReader lines = child.inputReader()) {
                String line;
                while ((line = lines.readLine()) != null) {
                    told.add(line);
                    if (line.startsWith("ok ")) {
                        working.countDown();
                    }
                }
            } catch (IOException e) {
                told.add("broken " + e);
            }
            working.countDown();
        });
        if (number == 0 || random.nextInt(10) > 0) {
            working.await(60, TimeUnit.SECONDS);
            Thread.sleep(random.nextInt(1_500));
        } else {
            Thread.sleep(random.nextInt(1_000)); // while it starts
        }
        if (!child.isAlive()) {
            differences.add("kill %s: the process ended by itself with %s: %s"
                    .formatted(number, child.exitValue(), told.isEmpty() ? "" : told.getLast()));
        }
        child.toHandle().destroyForcibly(); // unlike the process's own, it leaves what was said to be read
        child.waitFor();
        reader.join();
        hear(number, told);
        try (RepresentationStore store =
                        RepresentationStore.open(directory.resolve("store"), Workload.SPACES, OPTIONS);
                SignalStore signals = Workload.signals(directory.resolve("store"), Disk.LOCAL)) {
            note(number, oracle.restarted(store.current().release(), Workload.releases(store)));
            note(
                    number,
                    signalOracle.restarted(CrashChild.SIGNALS, Map.of(CrashChild.SIGNALS, Workload.rows(signals))));
            Stream.concat(store.findings().stream(), signals.findings().stream())
                    .forEach(finding -> found(number, finding));
        }
    }

    private void note(int kill, List<String> found) {
        found.forEach(each -> differences.add("kill %s: %s".formatted(kill, each)));
    }

    private void found(int kill, Finding finding) {
        if (finding.kind() == Finding.Kind.DAMAGED || finding.kind() == Finding.Kind.REBUILT) {
            differences.add("kill %s: a start found damage: %s".formatted(kill, finding));
        } else {
            torn++;
        }
    }

    /** Opens what the process called a backup. */
    private void check(int kill, String backup, Period taken) throws IOException {
        Path place = directory.resolve("backup-" + backup);
        try (RepresentationStore store = RepresentationStore.open(place, Workload.SPACES, OPTIONS);
                SignalStore signals = Workload.signals(place, Disk.LOCAL)) {
            Map<String, Map<String, Long>> found = Workload.releases(store);
            found.put(CrashChild.SIGNALS, Workload.rows(signals));
            note(kill, taken.differences(found));
            backups++;
        }
    }

    private Process start(int number) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashChild.class.getName(),
                        directory.resolve("store").toString(),
                        directory.resolve("child").toString(),
                        Integer.toString(number))
                .redirectError(directory.resolve("errors").toFile())
                .start();
    }

    /** Tells the oracle what the process said, up to the kill, and holds the last backup to it. */
    private void hear(int kill, List<String> told) throws IOException {
        Map<String, String[]> begun = new HashMap<>();
        Period taken = new Period(List.of());
        String backup = "";
        Period whole = taken;
        for (String line : told) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "begin" -> {
                    begun.put(words[1], words);
                    send(words, taken);
                }
                case "refused" -> begun.remove(words[1]);
                case "ok" -> {
                    String[] step = begun.remove(words[1]);
                    values(step == null ? words : step)
                            .forEach((row, value) -> oracle(step == null ? "" : step[2])
                                    .acknowledged(step == null ? "" : step[2], row, value));
                    acknowledged++;
                }
                case "publish" -> {
                    Map<String, Long> rows =
                            files.get(Integer.parseInt(words[2])).rows();
                    oracle.begin(words[1], rows);
                    for (Map.Entry<String, Long> row : rows.entrySet()) {
                        taken.sent(words[1], row.getKey(), row.getValue());
                    }
                }
                case "backup" -> {
                    if (words.length > 2) {
                        differences.add("kill %s: %s".formatted(kill, line));
                    }
                    taken = new Period(List.of(oracle, signalOracle));
                    for (String[] step : begun.values()) {
                        send(step, taken);
                    }
                }
                case "backed" -> {
                    taken.ends(stay());
                    backup = words[1];
                    whole = taken;
                    taken = new Period(List.of());
                }
                case "rollback" -> oracle.mayBeLive(words[1]);
                case "kept" -> oracle.notLive(words[1]);
                case "live" -> {
                    oracle.live(words[1]);
                    acknowledged++;
                }
                case "ready" -> {}
                default -> differences.add("the process said: " + line);
            }
        }
        for (String[] step : begun.values()) {
            values(step).forEach((row, value) -> oracle(step[2]).doubted(step[2], row, value));
        }
        if (!backup.isEmpty()) {
            check(kill, backup, whole);
        }
        for (int number = 0; number <= told.size(); number++) {
            Disk.LOCAL.deleteTree(directory.resolve("backup-" + number));
            Disk.LOCAL.deleteTree(directory.resolve("backup-" + number + ".partial"));
        }
        out.flush();
    }

    private Oracle oracle(String release) {
        return release.equals(CrashChild.SIGNALS) ? signalOracle : oracle;
    }

    private Set<String> stay() {
        Set<String> stay = oracle.stay();
        stay.addAll(signalOracle.stay());
        return stay;
    }

    /** Every value of a step: a moment may fall between two of them. */
    private static void send(String[] step, Period into) {
        for (int i = 3; i < step.length; i++) {
            int equals = step[i].indexOf('=');
            into.sent(step[2], step[i].substring(0, equals), Long.parseLong(step[i].substring(equals + 1)));
        }
    }

    /** The last value of each row that a step names. */
    private static Map<String, Long> values(String[] step) {
        Map<String, Long> values = new TreeMap<>();
        for (int i = 3; i < step.length; i++) {
            int equals = step[i].indexOf('=');
            values.put(step[i].substring(0, equals), Long.valueOf(step[i].substring(equals + 1)));
        }
        return values;
    }
}
