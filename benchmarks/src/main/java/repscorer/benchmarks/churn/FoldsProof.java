package repscorer.benchmarks.churn;

import java.io.PrintStream;
import java.util.Locale;
import java.util.SplittableRandom;
import repscorer.benchmarks.proof.Proof;
import repscorer.benchmarks.proof.StoreRows;

/**
 * Compactions, one after the other, of few deletions and replacements each: recall must not be lost by so little at a time that nobody
 * sees it.
 */
public final class FoldsProof implements Proof {

    private static final int ROWS = 50_000;
    private static final int FOLDS = 200;
    private static final int COMPARED_EVERY = 50;
    private static final int QUERIES = 1_000;
    private static final int EF = 60;
    private static final double LEAST_SHARE = 0.005;
    private static final double MOST_SHARE = 0.01;
    private static final double RECALL_LOSS_MAX = 0.005;
    private static final long SEED = 17;

    @Override
    public String name() {
        return "folds";
    }

    @Override
    public String claim() {
        return "after 200 compactions of 0.5 to 1 % deletions and as many replacements, recall@10 is within half a point of a fresh build's and no row is out of reach (minutes)";
    }

    @Override
    public boolean holds(PrintStream out) throws Exception {
        return holds(out, FOLDS);
    }

    /** @param folds how many compactions */
    @Override
    public boolean holds(PrintStream out, long folds) throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        StoreRows data = StoreRows.load(2 * ROWS);
        double worst = 0;
        int unreachable = 0;
        try (LiveSpace space = new LiveSpace(data, 2 * ROWS, ROWS)) {
            for (int fold = 1; fold <= folds; fold++) {
                int changes = (int) (ROWS * random.nextDouble(LEAST_SHARE, MOST_SHARE));
                for (int i = 0; i < changes; i++) {
                    space.delete(present(space, random));
                    space.put(present(space, random), random.nextInt(data.rows().length));
                    space.put(absent(space, random), random.nextInt(data.rows().length));
                }
                space.flush();
                space.compact();
                unreachable = Math.max(unreachable, space.unreachable());
                if (fold % COMPARED_EVERY == 0 || fold == folds) {
                    double[] recall = space.recall(QUERIES, EF, space.index(), space.fresh());
                    worst = Math.max(worst, recall[1] - recall[0]);
                    out.printf(
                            Locale.ROOT,
                            "after %s folds: recall@%s %.4f, built anew %.4f; at most %s rows out of reach%n",
                            fold,
                            LiveSpace.K,
                            recall[0],
                            recall[1],
                            unreachable);
                }
            }
        }
        out.printf(
                Locale.ROOT,
                "%s: %s folds of %,d rows lose %.4f of recall@%s at most (claim: %s); unreachable %s%n",
                data.origin(),
                folds,
                ROWS,
                worst,
                LiveSpace.K,
                RECALL_LOSS_MAX,
                unreachable);
        return worst <= RECALL_LOSS_MAX && unreachable == 0;
    }

    private static int present(LiveSpace space, SplittableRandom random) {
        int entity = random.nextInt(2 * ROWS);
        while (!space.has(entity)) {
            entity = random.nextInt(2 * ROWS);
        }
        return entity;
    }

    private static int absent(LiveSpace space, SplittableRandom random) {
        int entity = random.nextInt(2 * ROWS);
        while (space.has(entity)) {
            entity = random.nextInt(2 * ROWS);
        }
        return entity;
    }
}
