package repscorer.benchmarks.engines;

/** An engine that cannot be measured on this machine as it is; the message says in one line what is missing. */
public final class EngineUnavailableException extends IllegalArgumentException {

    EngineUnavailableException(String message) {
        super(message);
    }
}
