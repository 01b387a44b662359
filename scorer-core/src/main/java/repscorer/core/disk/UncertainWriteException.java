package repscorer.core.disk;

import java.io.IOException;

/** A write that failed and could not be taken back: nobody knows what a restart will find. */
public final class UncertainWriteException extends IOException {

    private static final long serialVersionUID = 1L;

    public UncertainWriteException(String message, IOException cause) {
        super(message, cause);
    }
}
