package repscorer.benchmarks.parsers;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import repscorer.benchmarks.proof.LimitedProof;
import repscorer.benchmarks.proof.ScratchDirectory;

/**
 * Whatever bytes a parser gets, it reads or refuses them in the way that it tells: no index out of bounds, no null, no endless loop, no
 * more memory than half a gigabyte. Each parser runs in a process of Jazzer's, with the product's branches counted.
 */
public final class ParsersProof extends LimitedProof {

    private static final Map<String, Double> LIMITS = Map.of(
            "seconds", 60.0, // of each parser
            "seed", 1.0,
            "from", 0.0, // the number of the first parser, and of the one after the last
            "to", (double) ParserTarget.values().length,
            "input-s", 10.0); // after which one input hangs

    /** A class of each jar. */
    private static final List<String> NEEDED = List.of(
            ParserFuzz.class.getName(),
            "repscorer.testing.Seeds",
            "repscorer.decisions.KeptPlan",
            "repscorer.imports.Importer",
            "repscorer.yaml.JacksonFailures",
            "repscorer.core.embedding.EmbeddingFile",
            "repscorer.ann.hnsw.HnswIndex",
            "tools.jackson.databind.json.JsonMapper",
            "tools.jackson.core.JsonParser",
            "com.fasterxml.jackson.annotation.JsonProperty",
            "org.apache.commons.csv.CSVFormat",
            "org.jspecify.annotations.NullMarked",
            "com.code_intelligence.jazzer.Jazzer",
            "com.code_intelligence.jazzer.api.MethodHook");

    private static final Pattern RUNS = Pattern.compile("stat::number_of_executed_units:\\s*(\\d+)");
    private static final Pattern COVERED = Pattern.compile("cov: (\\d+)");
    private static final long START_SECONDS_MAX = 600;

    public ParsersProof() {
        this(LIMITS);
    }

    private ParsersProof(Map<String, Double> limits) {
        super(limits);
    }

    @Override
    protected ParsersProof with(Map<String, Double> all) {
        return new ParsersProof(all);
    }

    @Override
    public String name() {
        return "fuzz-parsers";
    }

    @Override
    public String claim() {
        return "every parser reads any bytes or refuses them as it tells, guided by coverage, a minute each (--limit NAME=VALUE)";
    }

    @Override
    public boolean holds(PrintStream out) throws IOException, InterruptedException {
        long runs = 0;
        int faults = 0;
        ParserTarget[] all = ParserTarget.values();
        List<ParserTarget> targets =
                Arrays.asList(all).subList((int) limit("from"), Math.min(all.length, (int) limit("to")));
        for (ParserTarget target : targets) {
            try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-parsers")) {
                String said = run(target, scratch.path());
                Matcher number = RUNS.matcher(said);
                long count = number.find() ? Long.parseLong(number.group(1)) : 0;
                String fault = fault(said, scratch.path(), count);
                out.printf(
                        Locale.ROOT,
                        "%-14s %,12d inputs, %s branches%s%n",
                        target.word(),
                        count,
                        last(COVERED, said),
                        fault);
                runs += count;
                faults += fault.isEmpty() ? 0 : 1;
            }
        }
        out.printf(
                Locale.ROOT,
                "%,d inputs of %s parsers: %s%n",
                runs,
                targets.size(),
                faults == 0 ? "holds" : faults + " have faults");
        return faults == 0;
    }

    private String run(ParserTarget target, Path scratch) throws IOException, InterruptedException {
        Path corpus = Files.createDirectory(scratch.resolve("corpus"));
        Path log = scratch.resolve("log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-modules",
                        "jdk.incubator.vector",
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+EnableDynamicAgentLoading",
                        "-Xmx512m",
                        "-Djava.io.tmpdir=" + memory(scratch),
                        "-Drepscorer.kernels=scalar",
                        "-D%s=%s".formatted(ParserFuzz.PARSER, target.word()),
                        "-D%s=%s".formatted(ParserFuzz.CORPUS, corpus),
                        "-cp",
                        classPath(),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + ParserFuzz.class.getName(),
                        "--instrumentation_includes=repscorer.**",
                        "--custom_hooks=" + NoChecksum.class.getName(),
                        "--custom_hook_includes=repscorer.**",
                        "--reproducer_path=" + scratch,
                        "-artifact_prefix=" + scratch + "/",
                        "-seed=" + (long) limit("seed"),
                        "-timeout=" + (long) limit("input-s"),
                        "-max_total_time=" + (long) limit("seconds"),
                        "-rss_limit_mb=0", // the heap has its own
                        "-print_final_stats=1",
                        corpus.toString())
                .directory(scratch.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor((long) limit("seconds") + START_SECONDS_MAX, TimeUnit.SECONDS)) {
                return Files.readString(log) + "\n== the process did not end";
            }
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(log, StandardCharsets.ISO_8859_1);
    }

    /** The jars that parsers need: Jazzer looks through all that are there for its hooks, and a service's many take it minutes. */
    private static String classPath() throws IOException {
        Set<String> places = new LinkedHashSet<>();
        for (String name : NEEDED) {
            try {
                Class<?> type = Class.forName(name, false, ParsersProof.class.getClassLoader());
                places.add(Path.of(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI())
                        .toString());
            } catch (ClassNotFoundException | URISyntaxException e) {
                throw new IOException("no place of " + name, e);
            }
        }
        return String.join(File.pathSeparator, places);
    }

    /** Files of one input after the other need no disk where there is a directory in memory. */
    private static Path memory(Path otherwise) {
        Path memory = Path.of("/dev/shm");
        return Files.isWritable(memory) ? memory : otherwise;
    }

    private static String fault(String said, Path scratch, long runs) throws IOException {
        int at = said.indexOf("\n== ");
        if (at < 0) {
            return runs > 0 ? "" : "%n  nothing ran:%n%s".formatted(said);
        }
        StringBuilder fault = new StringBuilder(System.lineSeparator());
        said.substring(at)
                .lines()
                .filter(line -> !line.isBlank())
                .limit(14)
                .forEach(line -> fault.append("  ").append(line).append(System.lineSeparator()));
        try (Stream<Path> files = Files.list(scratch)) {
            for (Path file : files.filter(path -> path.getFileName().toString().matches("(crash|timeout|oom)-.*"))
                    .toList()) {
                fault.append("  input: ").append(Base64.getEncoder().encodeToString(Files.readAllBytes(file)));
            }
        }
        return fault.toString();
    }

    private static String last(Pattern pattern, String text) {
        List<String> all =
                pattern.matcher(text).results().map(match -> match.group(1)).toList();
        return all.isEmpty() ? "0" : all.getLast();
    }
}
