package repscorer.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.ToIntFunction;

/**
 * What a person at a shell would have seen of a command that ran in this process.
 *
 * @param exit the exit code
 */
public record CommandRun(int exit, String out, String err) {

    /** Runs a command line and catches what it prints. Not for tests that run side by side: the streams are the process's. */
    public static CommandRun of(ToIntFunction<String[]> commandLine, Object... args) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream caughtOut = new ByteArrayOutputStream();
        ByteArrayOutputStream caughtErr = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(caughtOut, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(caughtErr, true, StandardCharsets.UTF_8));
            int exit = commandLine.applyAsInt(
                    Arrays.stream(args).map(Object::toString).toArray(String[]::new));
            return new CommandRun(
                    exit, caughtOut.toString(StandardCharsets.UTF_8), caughtErr.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    /** Asserts that it was the user's mistake, told in one line. */
    public void assertMistake(String told) {
        assertThat(err).contains(told);
        assertThat(err.lines()).as(err).hasSize(1);
        assertThat(exit).isEqualTo(2);
    }
}
