package repscorer.cli;

import java.io.PrintWriter;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import repscorer.api.StartException;
import repscorer.cli.console.UserError;
import repscorer.client.ScorerClientException;
import repscorer.core.failure.ScorerException;
import repscorer.imports.BadRowsException;
import repscorer.imports.UnreadableRowsException;
import repscorer.training.graph.DataException;
import repscorer.yaml.ConfigException;

/** Turns what a command threw into one line and an exit code: 2 for the user's mistakes, 1 for ours. */
final class Failures {

    private static final int OURS = 1;
    private static final int USERS = 2;

    private Failures() {}

    static int report(Exception failure, CommandLine command) {
        PrintWriter err = command.getErr();
        err.println("repscorer: " + message(failure));
        if (System.getenv("REPSCORER_DEBUG") != null) {
            failure.printStackTrace(err);
        }
        err.flush();
        return exitCode(failure);
    }

    static int exitCode(Throwable failure) {
        return switch (failure) {
            case UserError e -> USERS;
            case ConfigException e -> USERS;
            case DataException e -> USERS;
            case BadRowsException e -> USERS;
            case UnreadableRowsException e -> USERS;
            case StartException e -> USERS;
            case IllegalArgumentException e -> USERS;
            case NoSuchFileException e -> USERS;
            case AccessDeniedException e -> USERS;
            case BindException e -> USERS;
            case ScorerException.Storage e -> OURS;
            case ScorerException e -> USERS;
            case ScorerClientException.Refused e -> USERS;
            default -> OURS;
        };
    }

    static String message(Throwable failure) {
        String text = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        return switch (failure) {
            case NoSuchFileException e -> "no such file: " + text;
            case AccessDeniedException e -> "may not read or write: " + text;
            case UserError e -> text;
            case ConfigException e -> text;
            case DataException e -> text;
            case BadRowsException e -> text;
            case UnreadableRowsException e -> text;
            case StartException e -> text;
            case ScorerException e -> text;
            case ScorerClientException e -> text;
            case IllegalArgumentException e -> text;
            default -> failure.getClass().getSimpleName() + ": " + text;
        };
    }
}
