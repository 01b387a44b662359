package repscorer.codes;

import java.util.Locale;

/** How rows are turned before they are coded. */
public enum Rotation {
    NONE,

    /** By chance, so that no dimension is worth more than another. */
    RANDOM,

    /** So that the codes of the turned rows lose least. */
    LEARNED;

    /** As configuration and messages have it. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
