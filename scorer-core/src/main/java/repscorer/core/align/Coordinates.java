package repscorer.core.align;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import repscorer.core.embedding.EmbeddingFile.Form;
import repscorer.core.store.Snapshot;
import repscorer.core.store.SpaceVersion;

/**
 * Whose coordinates rows of a model have.
 *
 * @param release that they were read from
 * @param training that made them, where their files name it
 * @param versions of the model's dense spaces, as they were published
 */
public record Coordinates(String release, Optional<String> training, SortedMap<String, String> versions) {

    public Coordinates {
        versions = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
    }

    /** Those of a model in a release; without versions where the release has no dense space of it. */
    public static Coordinates of(Snapshot snapshot, String model) {
        Map<String, String> versions = new TreeMap<>();
        Optional<String> training = Optional.empty();
        for (SpaceVersion version : snapshot.spaces()) {
            if (version.space().model().equals(model) && version.file().form() == Form.DENSE) {
                versions.put(version.space().name(), version.published());
                training = version.file().training();
            }
        }
        return new Coordinates(snapshot.release(), training, new TreeMap<>(versions));
    }

    /** Whether a name means them: the training's, or a version of one of the spaces, whatever was streamed into it. */
    public boolean named(String name) {
        return training.filter(name::equals).isPresent() || versions.containsValue(published(name));
    }

    /** Whether rows of both can be compared as they are: of one training, or of the same files. */
    public boolean same(Coordinates other) {
        return training.isPresent() || other.training.isPresent()
                ? training.equals(other.training)
                : versions.equals(other.versions);
    }

    /** A version without the count of changes that were streamed into it. */
    private static String published(String version) {
        int plus = version.indexOf('+');
        return plus < 0 ? version : version.substring(0, plus);
    }
}
