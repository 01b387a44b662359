package repscorer.benchmarks.proofs;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.ScratchDirectory;

/** A first {@code bin/repscorer demo} answers all its questions within three minutes and 4 GiB. */
final class DemoStartProof implements Proof {

    private static final double SECONDS_MAX = 180;
    private static final double GIB_MAX = 4;

    @Override
    public String name() {
        return "demo-start";
    }

    @Override
    public String claim() {
        return String.format(
                Locale.ROOT,
                "a first demo answers within %.0f seconds and under %.0f GiB (a minute; Linux)",
                SECONDS_MAX,
                GIB_MAX);
    }

    @Override
    public boolean holds(PrintStream out) throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("repscorer.root", "")).toAbsolutePath();
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-demo")) {
            Path home = scratch.path();
            long started = System.nanoTime();
            Process demo = new ProcessBuilder(
                            root.resolve("bin/repscorer").toString(),
                            "demo",
                            "--once",
                            "--port",
                            "0",
                            "--home",
                            home.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("output").toFile())
                    .start();
            long peakKib = 0;
            while (demo.isAlive()) {
                peakKib = Math.max(peakKib, peakKib(demo.pid()));
                Thread.sleep(50);
            }
            double seconds = (System.nanoTime() - started) / 1e9;
            double gib = peakKib / 1024.0 / 1024.0;
            Files.readAllLines(home.resolve("output")).forEach(out::println);
            out.printf(
                    Locale.ROOT,
                    "demo answered in %.1f s with %.2f GiB at most, exit code %s (need %.0f s, %.0f GiB)%n",
                    seconds,
                    gib,
                    demo.exitValue(),
                    SECONDS_MAX,
                    GIB_MAX);
            return demo.exitValue() == 0 && seconds <= SECONDS_MAX && gib <= GIB_MAX && peakKib > 0;
        }
    }

    /** The most memory a process has held so far; the script becomes the JVM by exec, so the process is one. */
    private static long peakKib(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"), StandardCharsets.UTF_8)) {
                if (line.startsWith("VmHWM:")) {
                    return Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        } catch (IOException e) {
            return 0; // it ended between two looks
        }
        return 0;
    }
}
