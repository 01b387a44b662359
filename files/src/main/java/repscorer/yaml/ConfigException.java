package repscorer.yaml;

/** A configuration file breaks a rule; the message holds the file, the line where it is known, the rule and the value. */
public final class ConfigException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }

    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
