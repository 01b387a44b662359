package repscorer.os;

/** The standard error of a process whose launcher filters what the JVM itself says at its start. */
public final class StandardError {

    /*
     * A filter is a process of its own: what it has not written yet when the JVM ends comes after the command has returned, and
     * it has to tell text from bytes. So it is there for the start alone. Once Java runs, the descriptor that the launcher kept
     * takes its place, and the filter sees its end.
     */

    /** Names the descriptor on which the launcher kept the error output that it was given. */
    public static final String PROPERTY = "repscorer.stderr";

    private static final int STANDARD_ERROR = 2;

    private StandardError() {}

    /** Writes to what the launcher was given from now on; nothing where no launcher says so, or the system has no such call. */
    public static void unfiltered() {
        Integer kept = Integer.getInteger(PROPERTY);
        SystemCalls calls = SystemCalls.LINUX;
        if (kept != null && kept > STANDARD_ERROR && calls != null) {
            calls.move(kept, STANDARD_ERROR);
        }
    }
}
