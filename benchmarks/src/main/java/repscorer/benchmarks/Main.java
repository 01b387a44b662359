package repscorer.benchmarks;

import java.util.List;
import repscorer.ranking.RankCommand;

/**
 * The entry of {@code bin/repscorer} for {@code bench} and {@code prove}, which need peers and oracles that a service is not
 * to carry: the whole command line with these two commands more, and {@code rank}.
 */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        repscorer.cli.Main.start(commands(), args);
    }

    static List<Object> commands() {
        return List.of(new RankCommand(), new BenchCommand(), new ProveCommand());
    }
}
