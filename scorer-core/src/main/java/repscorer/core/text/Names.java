package repscorer.core.text;

import java.util.Optional;

/** What is compared of names: folded, words between single spaces, no marks. */
final class Names {

    /** What is kept of a name, and of a prefix: nobody types more. */
    static final int LENGTH_MAX = 128;

    private Names() {}

    static String folded(String name) {
        return spaced(name).strip();
    }

    /** A prefix may end with a space: then its last word is whole. */
    static String prefix(String prefix) {
        return spaced(prefix).stripLeading();
    }

    private static String spaced(String text) {
        // Folding makes four characters of one at most, and eighteen where Unicode has it so.
        String folded = Words.folded(text.substring(0, Math.min(text.length(), 4 * LENGTH_MAX)));
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < folded.length() && words.length() < LENGTH_MAX; i++) {
            char c = folded.charAt(i);
            if (Character.isLetterOrDigit(c)
                    || Character.isSurrogate(c)
                    || Character.getType(c) == Character.NON_SPACING_MARK) {
                words.append(c);
            } else if (!words.isEmpty() && words.charAt(words.length() - 1) != ' ') {
                words.append(' ');
            }
        }
        return words.toString();
    }

    static int words(String folded) {
        return folded.isEmpty()
                ? 0
                : 1 + (int) folded.chars().filter(c -> c == ' ').count();
    }

    /** How a name that no {@link Completion} holds meets a prefix; both folded. Empty where it does not. */
    static Optional<Completion.Match> match(int ordinal, String name, String prefix) {
        Optional<Completion.Match> best = Optional.empty();
        for (int errors = 0; errors <= 1; errors++) {
            for (int start = 0; start >= 0 && start < name.length() && best.isEmpty(); start = next(name, start)) {
                if (begins(name, start, prefix, 0, errors)) {
                    best = Optional.of(new Completion.Match(ordinal, errors, start > 0, name.length()));
                }
            }
            if (prefix.length() < Completion.ERROR_LENGTH_MIN) {
                break;
            }
        }
        return best;
    }

    private static int next(String name, int start) {
        int space = name.indexOf(' ', start);
        return space < 0 ? -1 : space + 1;
    }

    /** Whether a name from a place on begins with a prefix from another on, by so many errors at most. */
    private static boolean begins(String name, int at, String prefix, int from, int errors) {
        int i = at;
        int j = from;
        while (j < prefix.length() && i < name.length() && name.charAt(i) == prefix.charAt(j)) {
            i++;
            j++;
        }
        if (j == prefix.length()) {
            return true;
        }
        if (errors == 0) {
            return false;
        }
        // An error where they part does as well as one before.
        return begins(name, i, prefix, j + 1, errors - 1)
                || (i < name.length()
                        && (begins(name, i + 1, prefix, j, errors - 1)
                                || begins(name, i + 1, prefix, j + 1, errors - 1)))
                || (i + 1 < name.length()
                        && j + 1 < prefix.length()
                        && name.charAt(i) == prefix.charAt(j + 1)
                        && name.charAt(i + 1) == prefix.charAt(j)
                        && begins(name, i + 2, prefix, j + 2, errors - 1));
    }
}
