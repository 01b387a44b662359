package repscorer.cli.console;

import java.io.PrintStream;
import java.util.Locale;

/**
 * Progress of one long step. On a terminal a bar that redraws itself, shown once the step has taken two seconds;
 * elsewhere plain lines, at most one every five seconds. Safe for concurrent use.
 */
public final class ProgressLine {

    private static final long SHOW_AFTER_NANOS = 2_000_000_000L;
    private static final long REDRAW_NANOS = 200_000_000L;
    private static final long PLAIN_NANOS = 5_000_000_000L;
    private static final int BAR_WIDTH = 28;

    private final PrintStream out;
    private final boolean terminal;

    private String step = "";
    private long started;
    private long lastShown;
    private int widthShown;

    public ProgressLine(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Progress to standard output, as a bar when that is a terminal. */
    public static ProgressLine standard() {
        return new ProgressLine(System.out, Terminal.interactive());
    }

    /** Progress to standard error, for commands whose output is read by others. */
    public static ProgressLine error() {
        return new ProgressLine(System.err, Terminal.interactive());
    }

    /**
     * Tells how far a step has come. Another step's name begins a new line.
     *
     * @param total 0 where it is not known
     * @param note appended, such as a rate; may be empty; where it says how much is left, the bar does not
     */
    public synchronized void update(String step, long done, long total, String note) {
        long now = System.nanoTime();
        if (!step.equals(this.step)) {
            clear();
            this.step = step;
            started = now;
            lastShown = now;
        }
        long interval = terminal ? REDRAW_NANOS : PLAIN_NANOS;
        if (now - started < SHOW_AFTER_NANOS || now - lastShown < interval) {
            return;
        }
        lastShown = now;
        String share = total > 0 ? String.format(Locale.ROOT, "%3d%%", Math.min(100, 100 * done / total)) : "";
        String suffix = note.isEmpty() ? "" : "  " + note;
        if (terminal) {
            int filled = total > 0 ? (int) Math.min(BAR_WIDTH, BAR_WIDTH * done / total) : 0;
            String bar = total > 0 ? "[" + "#".repeat(filled) + ".".repeat(BAR_WIDTH - filled) + "] " : "";
            String line =
                    "  " + step + "  " + bar + share + suffix + (note.contains("left") ? "" : left(now, done, total));
            out.print('\r' + line + " ".repeat(Math.max(0, widthShown - line.length())));
            out.flush();
            widthShown = line.length();
        } else {
            out.println("  " + step + " " + share + suffix);
        }
    }

    /** Ends the step's bar, so that other lines can be printed. */
    public synchronized void clear() {
        if (widthShown > 0) {
            out.print('\r' + " ".repeat(widthShown) + '\r');
            out.flush();
            widthShown = 0;
        }
        step = "";
    }

    private String left(long now, long done, long total) {
        if (total <= 0 || done <= 0) {
            return "";
        }
        long seconds = (long) ((now - started) / 1e9 * (total - done) / done);
        return seconds <= 0 ? "" : String.format(Locale.ROOT, "  %s:%02d left", seconds / 60, seconds % 60);
    }
}
