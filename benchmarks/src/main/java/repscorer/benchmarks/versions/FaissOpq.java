package repscorer.benchmarks.versions;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What FAISS's optimised product quantisation loses of rows, by a driver that {@code benchmarks/native/build.sh} compiles. */
final class FaissOpq {

    private FaissOpq() {}

    /**
     * What became of it.
     *
     * @param squaredErrors of a row, in the mean, by bytes of its code
     * @param missing why there are none; empty where there are
     */
    record Outcome(Map<Integer, Double> squaredErrors, String missing) {}

    /** @param bytes of a row's code, each tried for itself */
    static Outcome measure(Path scratch, float[][] rows, Collection<Integer> bytes)
            throws IOException, InterruptedException {
        Path script = Path.of(System.getProperty("repscorer.root", ""), "benchmarks", "native", "build.sh");
        if (!Files.isExecutable(script)) {
            return new Outcome(Map.of(), "no " + script + "; run bin/prove from a checkout");
        }
        Process build = new ProcessBuilder(script.toString(), "faiss-opq")
                .redirectErrorStream(true)
                .start();
        String last = last(lines(build));
        if (build.waitFor() != 0) {
            return new Outcome(Map.of(), last);
        }
        Path file = scratch.resolve("rows.f32");
        write(file, rows);
        List<String> command = new ArrayList<>(List.of(
                last,
                file.toString(),
                Integer.toString(rows.length),
                Integer.toString(rows[0].length),
                bytes.stream().map(String::valueOf).collect(Collectors.joining(","))));
        Process driver = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> said = lines(driver);
        if (driver.waitFor() != 0) {
            return new Outcome(Map.of(), last(said));
        }
        Map<Integer, Double> errors = new TreeMap<>();
        for (String line : said) {
            String[] words = line.split(" ", -1);
            if (!words[0].matches("[0-9]+")) {
                continue; // a warning of the library's
            }
            errors.put(Integer.valueOf(words[0]), Double.valueOf(words[1]));
        }
        return new Outcome(errors, "");
    }

    private static List<String> lines(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    private static String last(List<String> lines) {
        return lines.isEmpty() ? "the driver said nothing" : lines.getLast();
    }

    private static void write(Path file, float[][] rows) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            for (float[] row : rows) {
                ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * row.length).order(ByteOrder.LITTLE_ENDIAN);
                bytes.asFloatBuffer().put(row);
                out.write(bytes.array());
            }
        }
    }
}
