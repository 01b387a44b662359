package repscorer.core.store;

import java.nio.file.Path;
import java.util.regex.Pattern;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.failure.ScorerException.Invalid;

/**
 * Where things are in a store's directory.
 *
 * <pre>
 * LIVE                              the name of the live release
 * releases/RELEASE/SPACE.emb        the rows of a space
 * releases/RELEASE/release.manifest what belongs to the release; written last, without it there is no release
 * staging/RELEASE/SPACE.emb         checked, not yet published
 * incoming/N/SPACE.emb              on its way in; removed when the store opens
 * </pre>
 */
record Layout(Path root) {

    private static final Pattern RELEASE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** Throws when a name is none for a release: a name is also a directory's, and no path. */
    static void checkRelease(String name) {
        if (!RELEASE.matcher(name).matches()) {
            throw new Invalid(
                    "bad-release-name",
                    "release",
                    "a release's name is 1 to 64 letters, digits, dots, hyphens and underscores, beginning with a letter or digit: '%s'"
                            .formatted(name.length() <= 64 ? name : name.substring(0, 61) + "..."));
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

    static Path file(Path directory, String space) {
        return directory.resolve(space + EmbeddingFile.SUFFIX);
    }
}
