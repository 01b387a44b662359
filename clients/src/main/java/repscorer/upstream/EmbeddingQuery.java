package repscorer.upstream;

import java.util.OptionalInt;

/**
 * Which embedding is asked for. All of it is the key of the cache, so an answer never serves another release or shape.
 *
 * @param id such as {@code user:12}
 * @param release the release that the answer must belong to
 * @param dimension of a dense space; empty for a sparse one
 */
public record EmbeddingQuery(String space, String id, String release, OptionalInt dimension) {

    public EmbeddingQuery {
        checkName("space", space);
        checkName("id", id);
        checkName("release", release);
        if (dimension.isPresent() && dimension.getAsInt() < 1) {
            throw new IllegalArgumentException(
                    "a dimension is at least 1: %s (space %s)".formatted(dimension.getAsInt(), space));
        }
    }

    public static EmbeddingQuery dense(String space, String id, String release, int dimension) {
        return new EmbeddingQuery(space, id, release, OptionalInt.of(dimension));
    }

    public static EmbeddingQuery sparse(String space, String id, String release) {
        return new EmbeddingQuery(space, id, release, OptionalInt.empty());
    }

    private static void checkName(String what, String name) {
        if (name.isBlank() || name.equals(".") || name.equals("..")) {
            throw new IllegalArgumentException(
                    "%s must be a name that an address can hold: '%s'".formatted(what, name));
        }
    }

    @Override
    public String toString() {
        return "%s of %s in release %s".formatted(id, space, release);
    }
}
