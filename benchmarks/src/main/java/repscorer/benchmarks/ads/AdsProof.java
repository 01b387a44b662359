package repscorer.benchmarks.ads;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import picocli.CommandLine;
import repscorer.benchmarks.ads.AdImpressions.Impression;
import repscorer.benchmarks.proof.LimitedProof;
import repscorer.benchmarks.proof.ScratchDirectory;
import repscorer.core.model.ModelFeature;
import repscorer.core.model.RankModel;
import repscorer.models.ModelFile;
import repscorer.ranking.RankCommand;
import repscorer.training.Trainer;
import repscorer.training.network.NetworkOptions;
import repscorer.training.network.SyntheticNetwork;
import repscorer.training.plan.TrainingPlan;
import repscorer.training.progress.TrainingProgress;

/**
 * A click model of made-up impressions, with one kind of vectors after another: what each adds, and how near the last comes to what nobody
 * could do better than. Vectors are learnt of clicks of the weeks before, models of the first four fifths of a week's impressions, and judged
 * by the last.
 */
public final class AdsProof extends LimitedProof {

    private static final double LEARNT = .8;
    private static final int DIMENSION = 64;

    public AdsProof() {
        this(Map.of("seeds", 3.0, "way", .8, "calibration", .02));
    }

    private AdsProof(Map<String, Double> limits) {
        super(limits);
    }

    @Override
    protected LimitedProof with(Map<String, Double> all) {
        return new AdsProof(all);
    }

    @Override
    public String name() {
        return "ads";
    }

    @Override
    public String claim() {
        return "vectors take a click model 0.8 of the way from none to what is possible, calibrated within 0.02 (10 minutes)";
    }

    /** What models read, each with all before it. */
    private static Map<String, List<String>> groups(Path network) throws IOException {
        List<String> none = new ArrayList<>(List.of(AdFeatures.POPULARITY));
        for (String line : Files.readAllLines(network.resolve("labels.tsv"))) {
            String id = line.substring(0, line.indexOf('\t'));
            if (id.startsWith("topic:")) {
                none.add(AdFeatures.CATEGORY + id);
            } else if (id.startsWith("advertiser:")) {
                none.add(AdFeatures.OWNER + id);
            }
        }
        Map<String, List<String>> groups = new LinkedHashMap<>();
        groups.put("no vectors", none);
        groups.put(
                "+ TwHIN user",
                IntStream.range(0, DIMENSION).mapToObj(i -> AdFeatures.USER + i).toList());
        groups.put("+ TwHIN all", List.of(AdFeatures.TWHIN, AdFeatures.ADVERTISER));
        groups.put("+ SimClusters", List.of(AdFeatures.SIMCLUSTERS));
        return groups;
    }

    @Override
    public boolean holds(PrintStream out) throws Exception {
        List<double[]> figures = new ArrayList<>();
        for (int seed = 1; seed <= limit("seeds"); seed++) {
            figures.add(figures(seed, out));
        }
        double way = figures.stream().mapToDouble(each -> each[0]).average().orElseThrow();
        double error = figures.stream().mapToDouble(each -> each[1]).max().orElseThrow();
        boolean same = figures.stream().allMatch(each -> each[2] == 1);
        out.printf(
                Locale.ROOT,
                "%.3f of the way from no vectors to the ceiling, by seed %s (at least %.2f); off by %.4f at most (%.2f); the same bytes twice: %s%n",
                way,
                figures.stream()
                        .map(each -> String.format(Locale.ROOT, "%.3f", each[0]))
                        .toList(),
                limit("way"),
                error,
                limit("calibration"),
                same);
        return same && way >= limit("way") && error <= limit("calibration");
    }

    /** The share of the way, the calibration error, and 1 where learning twice made the same bytes. */
    private double[] figures(int seed, PrintStream out) throws IOException {
        try (ScratchDirectory scratch = ScratchDirectory.create("repscorer-ads")) {
            Path network = scratch.path().resolve("network");
            Path release = scratch.path().resolve("release");
            NetworkOptions size = NetworkOptions.DEFAULT;
            SyntheticNetwork.write(new NetworkOptions(size.users(), size.tweets(), size.topics(), seed), network);
            TrainingPlan plan = TrainingPlan.read(
                    Path.of(System.getProperty("repscorer.root", "")).resolve("config/training/demo.yaml"));
            Trainer.train(plan.withoutHoldOut().withSeed(seed), network, release, TrainingProgress.NONE);
            AdImpressions impressions = AdImpressions.read(network);
            AdFeatures features = new AdFeatures(release);
            List<Impression> learnt = impressions.learnt(LEARNT);
            List<Impression> judged = impressions.judged(LEARNT);
            double base = learnt.stream()
                    .mapToInt(each -> each.clicked() ? 1 : 0)
                    .average()
                    .orElseThrow();
            Map<String, List<String>> groups = groups(network);
            List<String> all = groups.values().stream().flatMap(List::stream).toList();
            Path table = scratch.path().resolve("impressions.tsv");
            AdImpressions.write(learnt, features, all, table);

            out.printf(
                    Locale.ROOT,
                    "seed %s: %,d impressions learnt of, %,d judged by, %.1f %% clicked%n%-16s %18s %18s %9s %9s%n",
                    seed,
                    learnt.size(),
                    judged.size(),
                    100 * base,
                    "",
                    "RCE %",
                    "PR-AUC",
                    "ECE",
                    "log loss");
            List<String> read = new ArrayList<>();
            List<Judgement> judgements = new ArrayList<>();
            boolean same = true;
            for (Map.Entry<String, List<String>> group : groups.entrySet()) {
                read.addAll(group.getValue());
                byte[] model = learn(scratch.path(), table, read);
                same &= judgements.size() < groups.size() - 1
                        || Arrays.equals(model, learn(scratch.path(), table, read));
                RankModel told = ModelFile.of(new String(model, java.nio.charset.StandardCharsets.UTF_8))
                        .model();
                judgements.add(new Judgement(judged, each -> told.probability(row(told, features, each)), base));
                line(out, group.getKey(), judgements.getLast());
            }
            Judgement ceiling = new Judgement(judged, Impression::probability, base);
            line(out, "the ceiling", ceiling);
            double none = judgements.getFirst().loss();
            return new double[] {
                (none - judgements.getLast().loss()) / (none - ceiling.loss()),
                judgements.getLast().calibrationError(),
                same ? 1 : 0
            };
        }
    }

    private static void line(PrintStream out, String name, Judgement judged) {
        Judgement.Figure entropy = judged.relativeCrossEntropy();
        Judgement.Figure area = judged.precisionRecallArea();
        out.printf(
                Locale.ROOT,
                "%-16s %9.2f ± %-6.2f %9.4f ± %-6.4f %9.4f %9.5f%n",
                name,
                entropy.value(),
                entropy.half(),
                area.value(),
                area.half(),
                judged.calibrationError(),
                judged.loss());
    }

    private static float[] row(RankModel model, AdFeatures features, Impression seen) {
        List<ModelFeature> read = model.features();
        float[] row = new float[read.size()];
        for (int f = 0; f < row.length; f++) {
            row[f] = (float) features.value(read.get(f).text(), seen.user(), seen.ad());
        }
        return row;
    }

    /** By the command that people use. */
    private static byte[] learn(Path directory, Path table, List<String> features) throws IOException {
        Path plan = Files.writeString(
                directory.resolve("plan.yaml"), """
                model: click
                form: trees
                goal: click
                test: 0.05
                rounds: 300
                features:
                  all: [%s]
                """.formatted("\"" + String.join("\", \"", features) + "\""));
        Path model = directory.resolve("click.json");
        int code = new CommandLine(new RankCommand())
                .execute("train", "--log", table.toString(), "--plan", plan.toString(), "--out", model.toString());
        if (code != 0) {
            throw new IllegalStateException("rank train ended with " + code);
        }
        return Files.readAllBytes(model);
    }
}
