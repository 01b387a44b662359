package repscorer.core.store;

import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.failure.ScorerException.Invalid;
import repscorer.core.log.LogPlace;

/**
 * Where things are in a store's directory.
 *
 * <pre>
 * LIVE                              the name of the live release
 * releases/RELEASE/SPACE.emb        the rows of a space
 * releases/RELEASE/release.manifest what belongs to the release; written last, without it there is no release
 * releases/RELEASE/SPACE.N.emb      the same with changes compacted in, where the manifest says so
 * releases/RELEASE/SPACE.N.log      changes since, in segments
 * releases/RELEASE/NAME.adapter     what was attached to the release, as beside staged files: {@link repscorer.core.store.attached.AttachedFiles}
 * staging/RELEASE/SPACE.emb         checked, not yet published; for a moment also SPACE.1.emb and logs that are carried over
 * staging/RELEASE/staged.manifest   where the release was built and checked: it answers who names it
 * indexes/CHECKSUM-….hnsw           graphs over rows of that checksum: derived, built anew where missing or damaged
 * incoming/N/SPACE.emb              on its way in; removed when the store opens
 * incoming/taken-N                  on its way out; removed when the store opens
 * erased                            up to which erasure nothing is left of anybody: {@link repscorer.core.erasure.ErasureMark}
 * signals/G/signals.N.log           signals that were pushed: {@link repscorer.core.signal.SignalStore}
 * </pre>
 */
record Layout(Path root) {

    private static final Pattern FILE = Pattern.compile("([a-z][a-z0-9-]*)\\.(\\d{1,9})\\.emb");
    private static final Pattern RELEASE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    static boolean isName(String name) {
        return RELEASE.matcher(name).matches();
    }

    /** Throws when a name is none for a release: a name is also a directory's, and no path. */
    static void checkRelease(String name) {
        if (!isName(name)) {
            throw new Invalid(
                    "bad-release-name",
                    "release",
                    "a release's name is 1 to 64 letters, digits, dots, hyphens and underscores, beginning with a letter or digit: '%s'"
                            .formatted(name.length() <= 64 ? name : name.substring(0, 61) + "..."));
        }
    }

    /** Throws when a name is none for a producer; nobody has none. */
    static void checkProducer(String name) {
        if (!name.isEmpty() && !isName(name)) {
            throw new Invalid(
                    "bad-producer",
                    "producer",
                    "a producer's name is 1 to 64 letters, digits, dots, hyphens and underscores: '%s'"
                            .formatted(name));
        }
    }

    Path live() {
        return root.resolve("LIVE");
    }

    Path releases() {
        return root.resolve("releases");
    }

    Path staging() {
        return root.resolve("staging");
    }

    Path indexes() {
        return root.resolve("indexes");
    }

    Path incoming() {
        return root.resolve("incoming");
    }

    Path release(String name) {
        return releases().resolve(name);
    }

    Path staging(String release) {
        return staging().resolve(release);
    }

    Path manifest(String release) {
        return release(release).resolve("release.manifest");
    }

    /** What belongs to a release that was built and checked and is not live. */
    Path stagedManifest(String release) {
        return staging(release).resolve("staged.manifest");
    }

    /** Where a tree is on its way out. */
    Path taken(long number) {
        return incoming().resolve("taken-" + number);
    }

    /** Signals that were pushed. */
    Path signals() {
        return root.resolve("signals");
    }

    /** Up to which erasure nothing is left. */
    Path erased() {
        return root.resolve("erased");
    }

    /** The log of changes to a space. */
    LogPlace log(String release, String space) {
        return new LogPlace(root, release(release), release, space);
    }

    static String fileName(String space) {
        return space + EmbeddingFile.SUFFIX;
    }

    /** The name of a file that changes were compacted into. */
    static String fileName(String space, int number) {
        return space + "." + number + EmbeddingFile.SUFFIX;
    }

    /** The number in the name of a file that changes were compacted into; empty for other files. */
    static OptionalInt fileNumber(Path path, String space) {
        Matcher matcher = FILE.matcher(String.valueOf(path.getFileName()));
        return matcher.matches() && matcher.group(1).equals(space)
                ? OptionalInt.of(Integer.parseInt(matcher.group(2)))
                : OptionalInt.empty();
    }

    static Path file(Path directory, String space) {
        return directory.resolve(fileName(space));
    }
}
