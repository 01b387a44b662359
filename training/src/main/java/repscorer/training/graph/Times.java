package repscorer.training.graph;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Times that are no plain whole seconds: fractions of them, and ISO 8601. */
final class Times {

    private static final Pattern FRACTION = Pattern.compile("([0-9]{1,18})\\.[0-9]*");
    private static final Pattern ZONE = Pattern.compile(".*(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?)");
    private static final int DATE = "2012-07-06".length();

    private Times() {}

    /**
     * Seconds since 1970, rounded down. Dates begin at midnight; what names no zone is in UTC.
     *
     * @throws IllegalArgumentException when it is no time, or one before 1970
     */
    static long seconds(String text) {
        var fraction = FRACTION.matcher(text);
        if (fraction.matches()) {
            return Long.parseLong(fraction.group(1));
        }
        long seconds = -1;
        try {
            if (text.length() == DATE) {
                seconds = LocalDate.parse(text).atStartOfDay().toEpochSecond(ZoneOffset.UTC);
            } else if (text.length() > DATE) {
                String time = text.replaceFirst("^(.{10}) ", "$1T");
                seconds = ZONE.matcher(time.substring(DATE)).matches()
                        ? OffsetDateTime.parse(time).toEpochSecond()
                        : LocalDateTime.parse(time).toEpochSecond(ZoneOffset.UTC);
            }
        } catch (DateTimeException e) {
            throw wrong(text, e);
        }
        if (seconds < 0) {
            throw wrong(text, null);
        }
        return seconds;
    }

    private static IllegalArgumentException wrong(String text, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "a time is seconds since 1970, or as ISO 8601 writes it: '%s'".formatted(RowParser.clip(text)), cause);
    }
}
