package repscorer.benchmarks.answers;

import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Makes the stores, asks this build and writes down what it answers. */
public final class GoldenRecorder {

    private static final int DEMO_REQUESTS = 1_400;
    private static final int EGO_TWITTER_REQUESTS = 600;
    private static final long SEED = 14;

    private final Path root;
    private final GoldenFolder golden;
    private final Path egoTwitter;
    private final PrintStream out;

    /**
     * @param root of the project whose {@code bin/repscorer} trains and serves
     * @param golden where it is written; stores that are there already are asked as they are
     * @param egoTwitter the edges of ego-Twitter
     */
    public GoldenRecorder(Path root, Path golden, Path egoTwitter, PrintStream out) {
        this.root = root;
        this.golden = new GoldenFolder(golden.toAbsolutePath());
        this.egoTwitter = egoTwitter;
        this.out = out;
    }

    /** @param scratch takes copies of the stores, which requests change */
    public void record(Path scratch) throws IOException, InterruptedException {
        golden.writeConfig();
        GoldenStores stores = new GoldenStores(root, golden, egoTwitter, out);
        for (String store : GoldenFolder.STORES) {
            if (!Files.isDirectory(golden.data(store))) {
                stores.make(store);
            }
            boolean demo = store.equals("demo");
            Pools pools = demo ? Pools.ofDemo(stores.network(), SEED) : Pools.ofEgoTwitter(egoTwitter, SEED + 1);
            Path data = scratch.resolve(store);
            GoldenFolder.copyTree(golden.data(store), data);
            try (ServiceProcess service =
                            ServiceProcess.start(root, golden.config(), data, scratch.resolve(store + ".log"));
                    Writer lines = Files.newBufferedWriter(golden.exchanges(store))) {
                Recording recording = new Recording(service, lines);
                service.settle();
                ask(recording, pools, demo);
                out.printf(Locale.ROOT, "%s: %,d requests and answers%n", store, recording.count());
            }
        }
    }

    private static void ask(Recording recording, Pools pools, boolean demo) {
        CatalogScript catalog = new CatalogScript(recording, pools);
        CandidateScript candidates = new CandidateScript(recording, pools, demo);
        ScoreScript scores = new ScoreScript(recording, pools);
        ChangeScript changes = new ChangeScript(recording, pools);
        catalog.run();
        candidates.everyOverride();
        scores.everyComparison();
        if (demo) {
            new ProblemScript(recording, pools).run();
        }
        // Changes come last, for they change the answers to all else.
        draw(recording, candidates, scores, (demo ? DEMO_REQUESTS : EGO_TWITTER_REQUESTS) - changes.length());
        changes.run(() -> draw(recording, candidates, scores, recording.count() + ChangeScript.DRAWN));
    }

    private static void draw(Recording recording, CandidateScript candidates, ScoreScript scores, int until) {
        for (int i = 0; recording.count() < until; i++) {
            if (i % 4 == 3) {
                scores.draw();
            } else {
                candidates.draw(until);
            }
        }
    }
}
