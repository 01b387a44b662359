package repscorer.benchmarks.proofs;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import repscorer.benchmarks.mutants.KnownSurvivors;
import repscorer.benchmarks.mutants.Mutant;
import repscorer.benchmarks.mutants.MutatedPackage;
import repscorer.benchmarks.proof.Proof;

/**
 * Faults are put into the code one by one, and the tests are to notice them. {@code REPSCORER_MUTANTS} names packages, apart
 * by commas, where not all are meant.
 */
final class MutantsProof implements Proof {

    private static final double KILLED_MIN = 0.85;

    @Override
    public String name() {
        return "mutants";
    }

    @Override
    public String claim() {
        return String.format(
                Locale.ROOT,
                "tests kill %.0f %% of the mutants of each package where a fault would show late, and each survivor has its"
                        + " reason in docs/mutants.md (REPSCORER_MUTANTS=PACKAGE,.. for some; an hour or two)",
                100 * KILLED_MIN);
    }

    @Override
    public boolean holds(PrintStream out) throws IOException, InterruptedException {
        Path root = Path.of(System.getProperty("repscorer.root", "")).toAbsolutePath();
        KnownSurvivors known = KnownSurvivors.read(root.resolve("docs/mutants.md"));
        List<String> figures = new ArrayList<>();
        boolean holds = true;
        for (MutatedPackage each : wanted()) {
            List<Mutant> mutants = mutants(each, root);
            long killed = mutants.stream().filter(Mutant::killed).count();
            List<Mutant> unexplained = known.unexplained(mutants);
            unexplained.forEach(mutant -> out.printf("%s lives and has no reason: %s%n", each.name(), mutant));
            known.outdated(mutants).forEach(row -> out.printf("%s: %s%n", each.name(), row));
            String figure = String.format(
                    Locale.ROOT,
                    "%s %.1f %% (%s of %s, %s without a reason)",
                    each.name(),
                    100.0 * killed / Math.max(1, mutants.size()),
                    killed,
                    mutants.size(),
                    unexplained.size());
            out.println(figure);
            figures.add(figure);
            holds &= !mutants.isEmpty() && killed >= KILLED_MIN * mutants.size() && unexplained.isEmpty();
        }
        out.printf(Locale.ROOT, "killed: %s; need %.0f %% each%n", String.join(", ", figures), 100 * KILLED_MIN);
        return holds;
    }

    private static List<MutatedPackage> wanted() throws IOException {
        String named = System.getenv("REPSCORER_MUTANTS");
        if (named == null || named.isBlank()) {
            return MutatedPackage.all();
        }
        List<String> names = List.of(named.split(","));
        List<MutatedPackage> wanted = MutatedPackage.all().stream()
                .filter(each -> names.contains(each.name()))
                .toList();
        if (wanted.size() != names.size()) {
            throw new IOException("REPSCORER_MUTANTS must name packages of %s: %s"
                    .formatted(
                            MutatedPackage.all().stream()
                                    .map(MutatedPackage::name)
                                    .toList(),
                            named));
        }
        return wanted;
    }

    private static List<Mutant> mutants(MutatedPackage each, Path root) throws IOException, InterruptedException {
        Path reports = Files.createDirectories(root.resolve("build/mutants").resolve(each.name()));
        Path report = reports.resolve("mutations.xml");
        Files.deleteIfExists(report);
        Path log = reports.resolve("maven.log");
        ProcessBuilder builder = new ProcessBuilder(each.command(reports))
                .directory(root.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // PIT runs tests on Maven's own JVM, which may be too old for the classes.
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        int code = builder.start().waitFor();
        if (code != 0 || !Files.exists(report)) {
            throw new IOException(
                    "the mutants of %s were not run: Maven exited with %s, see %s".formatted(each.name(), code, log));
        }
        return Mutant.read(report);
    }
}
