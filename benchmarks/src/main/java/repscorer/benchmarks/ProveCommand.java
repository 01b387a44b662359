package repscorer.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import repscorer.benchmarks.proof.LimitedProof;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proofs.Proofs;
import repscorer.benchmarks.proofs.SameAnswersProof;
import repscorer.benchmarks.proofs.SustainedProof;
import repscorer.cli.console.UserError;

/** {@code repscorer prove}, behind {@code bin/prove}: the slow proofs, listed or run. */
@Command(
        name = "prove",
        description = "Lists the slow proofs, or runs one: its figure is its last line, and it exits 1 where it fails.",
        mixinStandardHelpOptions = true)
final class ProveCommand implements Callable<Integer> {

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "The proof to run; none lists them.")
    private @Nullable String name;

    @Option(
            names = {"--kills", "--seeds", "--cases", "--rows", "--minutes"},
            paramLabel = "N",
            description = "How many cases to try, for proofs that count any.")
    private @Nullable Long cases;

    @Option(names = "--copies", description = "sustained: exact copies of rows stream in.")
    private boolean copies;

    @Option(names = "--record", paramLabel = "DIR", description = "same-answers: writes stores and answers there.")
    private @Nullable Path record;

    @Option(
            names = "--golden",
            paramLabel = "DIR",
            description = "same-answers: compares with what was recorded there.")
    private @Nullable Path golden;

    @Option(
            names = "--limit",
            paramLabel = "NAME=VALUE",
            description = "overload, first-requests, soak, text …: another limit, such as refused-ms=10.")
    private Map<String, Double> limits = new TreeMap<>();

    @Override
    public Integer call() throws Exception {
        List<Proof> proofs = Proofs.all();
        if (name == null) {
            proofs.forEach(proof -> System.out.printf("%-18s %s%n", proof.name(), proof.claim()));
            return 0;
        }
        for (Proof proof : proofs) {
            if (proof.name().equals(name)) {
                return holds(proof) ? 0 : 1;
            }
        }
        throw new UserError("no proof '%s'; there are %s"
                .formatted(
                        name, String.join(", ", proofs.stream().map(Proof::name).toList())));
    }

    private boolean holds(Proof proof) throws Exception {
        if (record != null || golden != null) {
            if (!(proof instanceof SameAnswersProof answers)) {
                throw new UserError("--record and --golden go with same-answers only");
            }
            boolean recorded = record == null || answers.record(System.out, record);
            return recorded && (golden == null || answers.replay(System.out, golden));
        }
        if (!limits.isEmpty()) {
            return run(within(proof));
        }
        if (copies) {
            if (!(proof instanceof SustainedProof sustained)) {
                throw new UserError("--copies goes with sustained only");
            }
            return sustained.holdsWithCopies(System.out, cases == null ? OptionalLong.empty() : OptionalLong.of(cases));
        }
        return run(proof);
    }

    private boolean run(Proof proof) throws Exception {
        return cases == null ? proof.holds(System.out) : proof.holds(System.out, cases);
    }

    private Proof within(Proof proof) {
        if (!(proof instanceof LimitedProof limited)) {
            throw new UserError("%s has no limits to change".formatted(proof.name()));
        }
        limits.forEach((limit, value) -> {
            if (!limited.limits().containsKey(limit)) {
                throw new UserError("--limit of %s names one of %s"
                        .formatted(proof.name(), new TreeSet<>(limited.limits().keySet())));
            }
            if (!Double.isFinite(value) || value < 0) {
                throw new UserError("a limit is 0 or more: %s=%s".formatted(limit, value));
            }
        });
        return limited.within(limits);
    }
}
