package repscorer.cli.console;

import java.io.Console;

/** What is known of the terminal. */
public final class Terminal {

    private Terminal() {}

    /** Whether a person sees standard output. */
    @SuppressWarnings("SystemConsoleNull") // NullAway reads the JDK's annotation, which still lets it be null
    public static boolean interactive() {
        Console console = System.console();
        return console != null && console.isTerminal() && System.getenv("CI") == null;
    }

    /** The text in bold where a person sees it. */
    public static String bold(String text) {
        return interactive() && System.getenv("NO_COLOR") == null ? "\033[1m" + text + "\033[0m" : text;
    }

    /** The text in a fainter colour where a person sees it. */
    public static String faint(String text) {
        return interactive() && System.getenv("NO_COLOR") == null ? "\033[2m" + text + "\033[0m" : text;
    }
}
