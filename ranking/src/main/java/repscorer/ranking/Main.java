package repscorer.ranking;

import java.util.List;

/** The entry of {@code bin/repscorer} for {@code rank}: the whole command line with this command more. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        repscorer.cli.Main.start(List.of(new RankCommand()), args);
    }
}
