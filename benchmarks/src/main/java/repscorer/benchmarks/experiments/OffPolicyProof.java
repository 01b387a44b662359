package repscorer.benchmarks.experiments;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import repscorer.analysis.offpolicy.LoggedList;
import repscorer.analysis.offpolicy.LoggedList.Choice;
import repscorer.analysis.offpolicy.LoggedList.Option;
import repscorer.analysis.offpolicy.OffPolicy;
import repscorer.analysis.offpolicy.PolicyValue;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.ProofData;
import repscorer.testing.PolicyOracle;

/**
 * What the uniform policy earns on the shop front of the Open Bandit data, estimated from the log of the Thompson policy: Saito et al., 2020. What
 * it really earned is in the uniform policy's own log.
 */
public final class OffPolicyProof implements Proof {

    private static final int ITEMS = 34;
    private static final double CLOSE = 1e-9;
    private static final double ALPHA = .05;
    private static final double SURE = 1.96;

    /** Where the columns stand. */
    private static final int ITEM = 2;

    private static final int CLICK = 4;
    private static final int PROPENSITY = 5;

    @Override
    public String name() {
        return "off-policy";
    }

    @Override
    public String claim() {
        return "Open Bandit data: the uniform policy's value from the Thompson log, as by a plain sum to 1e-9, and no farther from the truth than chance";
    }

    /** One impression. */
    private record Shown(int item, double click, double propensity) {}

    @Override
    public boolean holds(PrintStream out) throws IOException {
        Optional<Path> folder = ProofData.folder("external/open-bandit");
        if (folder.isEmpty()) {
            out.println("skipped: no external/open-bandit in " + ProofData.root());
            return true;
        }
        List<Shown> log = read(folder.orElseThrow().resolve("men-bts.csv.gz"));
        double[] uniform = read(folder.orElseThrow().resolve("men-random.csv.gz")).stream()
                .mapToDouble(Shown::click)
                .toArray();
        double[] ones = uniform.clone();
        Arrays.fill(ones, 1);
        PolicyOracle own = new PolicyOracle(ones, ones, uniform);
        double truth = own.weighted();
        OffPolicy estimate = OffPolicy.of(lists(log), ALPHA);
        PolicyOracle oracle = new PolicyOracle(
                log.stream().mapToDouble(Shown::propensity).toArray(),
                log.stream().mapToDouble(shown -> 1.0 / ITEMS).toArray(),
                log.stream().mapToDouble(Shown::click).toArray());
        boolean equal = close(estimate.weighted().value(), oracle.weighted())
                && close(estimate.weighted().error(), oracle.weightedError())
                && close(estimate.selfNormalised().value(), oracle.selfNormalised())
                && close(estimate.overlap().effective() / ITEMS, oracle.effective() / ITEMS);
        boolean covered = estimate.overlap().refusal().isEmpty();
        for (PolicyValue value : List.of(estimate.weighted(), estimate.selfNormalised(), estimate.doublyRobust())) {
            // Both logs are samples.
            covered &= Math.abs(value.value() - truth) <= SURE * Math.hypot(value.error(), own.weightedError());
        }
        out.println(String.format(
                Locale.ROOT,
                "truth %.5f ± %.5f; weighted %.5f ± %.5f, self-normalised %.5f ± %.5f, doubly robust %.5f ± %.5f; effective sample %.0f of %d;"
                        + " equal to plain sums: %s, all within 95 %% of the truth: %s",
                truth,
                own.weightedError(),
                estimate.weighted().value(),
                estimate.weighted().error(),
                estimate.selfNormalised().value(),
                estimate.selfNormalised().error(),
                estimate.doublyRobust().value(),
                estimate.doublyRobust().error(),
                estimate.overlap().effective(),
                log.size(),
                equal,
                covered));
        return equal && covered;
    }

    private static boolean close(double a, double b) {
        return Math.abs(a - b) <= CLOSE;
    }

    private static List<LoggedList> lists(List<Shown> log) {
        List<Option> options = new ArrayList<>();
        for (int item = 0; item < ITEMS; item++) {
            options.add(new Option(1.0 / ITEMS, features(item)));
        }
        List<LoggedList> lists = new ArrayList<>();
        for (int i = 0; i < log.size(); i++) {
            Shown shown = log.get(i);
            lists.add(new LoggedList(
                    "impression-" + i,
                    List.of(new Choice(
                            shown.propensity(), 1.0 / ITEMS, shown.click(), features(shown.item()), options))));
        }
        return lists;
    }

    private static double[] features(int item) {
        double[] features = new double[ITEMS];
        features[item] = 1;
        return features;
    }

    private static List<Shown> read(Path file) throws IOException {
        List<Shown> rows = new ArrayList<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            lines.readLine();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] cells = line.split(",", PROPENSITY + 2);
                rows.add(new Shown(
                        Integer.parseInt(cells[ITEM]),
                        Double.parseDouble(cells[CLICK]),
                        Double.parseDouble(cells[PROPENSITY])));
            }
        }
        return rows;
    }
}
