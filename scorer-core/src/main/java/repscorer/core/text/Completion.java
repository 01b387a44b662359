package repscorer.core.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * Names by the beginnings of their words, with a typing error where it takes one. Over the rows of one base; immutable, safe for
 * concurrent use.
 */
public final class Completion {

    /*
     * Every word of a name begins a key: the name from there on, folded. Keys are sorted, so that those with a prefix are a range;
     * a tournament over their ranks gives the best of a range one after the other, however many there are. A rank is the order in
     * which names are wanted: those that begin with the prefix before those with a later word that does, shorter before longer
     * ones, then by ordinal.
     *
     * One error is a character too many, too few, another one, or two that changed places. Each of them is tried at each place of
     * the prefix by narrowing the range as if nothing were wrong: nearly all end after a character or two.
     *
     * About 20 bytes a word and 2 a character, on the heap. O(n log keys) for n names, and O(|prefix| · letters · log keys) more
     * where an error is looked for.
     */

    /** Of a prefix, for an error in it to be looked for. */
    static final int ERROR_LENGTH_MIN = 3;

    private static final char END = 0;

    private final char[] characters; // names, an END after each
    private final int[] starts; // by ordinal
    private final int[] keys; // places in characters, sorted
    private final int[] owners; // ordinals, by key
    private final int[] tournament; // keys by a tree over them: the one of the best rank

    private final int[] ranks; // by key

    private Completion(char[] characters, int[] starts, int[] keys, int[] owners) {
        this.characters = characters;
        this.starts = starts;
        this.keys = keys;
        this.owners = owners;
        this.ranks = ranks();
        this.tournament = new int[2 * Math.max(1, keys.length)];
        for (int key = 0; key < keys.length; key++) {
            tournament[keys.length + key] = key;
        }
        for (int node = keys.length - 1; node > 0; node--) {
            tournament[node] = better(tournament[2 * node], tournament[2 * node + 1]);
        }
    }

    /**
     * A name that was found.
     *
     * @param errors that the prefix had, 0 or 1
     * @param inner whether a later word than the first was meant
     * @param length of the folded name
     */
    public record Match(int ordinal, int errors, boolean inner, int length) {}

    /** O(words log words). */
    static Completion of(int count, IntFunction<String> names) {
        StringBuilder all = new StringBuilder();
        int[] starts = new int[count + 1];
        int words = 0;
        for (int ordinal = 0; ordinal < count; ordinal++) {
            starts[ordinal] = all.length();
            String name = Names.folded(names.apply(ordinal));
            words += Names.words(name);
            all.append(name).append(END);
        }
        starts[count] = all.length();
        char[] characters = new char[all.length()];
        all.getChars(0, all.length(), characters, 0);
        long[] places = new long[words]; // a place and its ordinal
        int at = 0;
        for (int ordinal = 0; ordinal < count; ordinal++) {
            boolean begins = true;
            for (int i = starts[ordinal]; i < starts[ordinal + 1] - 1; i++) {
                if (begins) {
                    places[at++] = (long) i << 32 | ordinal;
                }
                begins = characters[i] == ' ';
            }
        }
        Long[] sorted = new Long[words];
        Arrays.setAll(sorted, i -> places[i]);
        Arrays.parallelSort(sorted, (a, b) -> compare(characters, (int) (a >> 32), (int) (b >> 32)));
        int[] keys = new int[words];
        int[] owners = new int[words];
        for (int key = 0; key < words; key++) {
            keys[key] = (int) (sorted[key] >> 32);
            owners[key] = (int) (long) sorted[key];
        }
        return new Completion(characters, starts, keys, owners);
    }

    private static int compare(char[] characters, int a, int b) {
        int i = a;
        int j = b;
        while (characters[i] == characters[j] && characters[i] != END) {
            i++;
            j++;
        }
        int difference = Character.compare(characters[i], characters[j]);
        return difference == 0 ? Integer.compare(a, b) : difference;
    }

    private int[] ranks() {
        long[] order = new long[keys.length];
        for (int key = 0; key < keys.length; key++) {
            int owner = owners[key];
            long inner = keys[key] == starts[owner] ? 0 : 1;
            order[key] = inner << 62 | (long) Math.min(length(owner), 1 << 20) << 32 | owner;
        }
        long[] sorted = order.clone();
        Arrays.parallelSort(sorted);
        int[] byKey = new int[keys.length];
        Arrays.setAll(byKey, key -> Arrays.binarySearch(sorted, order[key])); // equal ones are of one name
        return byKey;
    }

    private int length(int ordinal) {
        return starts[ordinal + 1] - starts[ordinal] - 1;
    }

    private int better(int a, int b) {
        return ranks[a] <= ranks[b] ? a : b;
    }

    /** The best n names with a word that begins with a prefix, those without an error first. */
    public List<Match> complete(String prefix, int n, IntPredicate accepted) {
        String folded = Names.prefix(prefix);
        if (folded.isEmpty() || keys.length == 0 || n == 0) {
            return List.of();
        }
        Set<Integer> found = new HashSet<>();
        List<Match> matches = new ArrayList<>();
        List<Range> exact = new ArrayList<>();
        add(narrowed(new Range(0, keys.length, 0), folded, 0), exact);
        take(exact, 0, n, accepted, found, matches);
        if (matches.size() < n && folded.length() >= ERROR_LENGTH_MIN) {
            take(withError(folded), 1, n, accepted, found, matches);
        }
        return matches;
    }

    /** Keys from one to before another, which share their first characters. */
    private record Range(int from, int to, int depth) {

        boolean isEmpty() {
            return from >= to;
        }
    }

    private static void add(Range range, List<Range> ranges) {
        if (!range.isEmpty()) {
            ranges.add(range);
        }
    }

    private void take(
            List<Range> ranges, int errors, int n, IntPredicate accepted, Set<Integer> found, List<Match> matches) {
        PriorityQueue<long[]> best =
                new PriorityQueue<>((a, b) -> Integer.compare(ranks[(int) a[2]], ranks[(int) b[2]]));
        ranges.forEach(range -> offer(best, range.from, range.to));
        while (matches.size() < n && !best.isEmpty()) {
            long[] top = best.remove();
            int key = (int) top[2];
            int ordinal = owners[key];
            if (accepted.test(ordinal) && found.add(ordinal)) {
                matches.add(new Match(ordinal, errors, keys[key] != starts[ordinal], length(ordinal)));
            }
            offer(best, (int) top[0], key);
            offer(best, key + 1, (int) top[1]);
        }
    }

    private void offer(PriorityQueue<long[]> best, int from, int to) {
        if (from < to) {
            best.add(new long[] {from, to, bestOf(from, to)});
        }
    }

    private int bestOf(int from, int to) {
        int best = from;
        int a = from + keys.length;
        int b = to + keys.length;
        while (a < b) {
            if ((a & 1) == 1) {
                best = better(best, tournament[a++]);
            }
            if ((b & 1) == 1) {
                best = better(best, tournament[--b]);
            }
            a >>= 1;
            b >>= 1;
        }
        return best;
    }

    /** The ranges of all prefixes that are one error away. */
    private List<Range> withError(String prefix) {
        List<Range> ranges = new ArrayList<>();
        Range right = new Range(0, keys.length, 0); // the prefix up to i
        for (int i = 0; i <= prefix.length() && !right.isEmpty(); i++) {
            if (i < prefix.length()) {
                add(narrowed(right, prefix, i + 1), ranges); // one too many
                if (i + 1 < prefix.length()) {
                    Range swapped = narrowed(narrowed(right, prefix.charAt(i + 1)), prefix.charAt(i));
                    add(narrowed(swapped, prefix, i + 2), ranges);
                }
                char meant = prefix.charAt(i);
                int from = right.from;
                while (from < right.to) {
                    char other = at(from, right.depth);
                    int to = after(from, right.to, right.depth, other);
                    if (other != END && other != meant) {
                        Range next = new Range(from, to, right.depth + 1);
                        add(narrowed(next, prefix, i), ranges); // one too few
                        add(narrowed(next, prefix, i + 1), ranges); // another one
                    }
                    from = to;
                }
                right = narrowed(right, meant);
            }
        }
        return ranges;
    }

    /** The keys of a range that go on with a prefix from one of its places on. */
    private Range narrowed(Range range, String prefix, int from) {
        Range narrow = range;
        for (int i = from; i < prefix.length() && !narrow.isEmpty(); i++) {
            narrow = narrowed(narrow, prefix.charAt(i));
        }
        return narrow;
    }

    private Range narrowed(Range range, char next) {
        int from = before(range.from, range.to, range.depth, next);
        int to = after(from, range.to, range.depth, next);
        return new Range(from, to, range.depth + 1);
    }

    private char at(int key, int depth) {
        return characters[keys[key] + depth];
    }

    /** The first key of a range whose character is not less. */
    private int before(int from, int to, int depth, char character) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (at(middle, depth) < character) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The first key of a range whose character is greater. */
    private int after(int from, int to, int depth, char character) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (at(middle, depth) <= character) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
