package repscorer.text;

import java.io.IOException;

/** What was to be text is something else, which the message names. */
public final class NoTextException extends IOException {

    private static final long serialVersionUID = 1L;

    NoTextException(String what) {
        super(what);
    }
}
