package repscorer.stores;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What a vector was made of.
 *
 * @param text none where a vector was added alone
 * @param metadata by name: text, numbers, booleans, {@link UUID}s, and lists of those
 */
public record Segment(Optional<String> text, Map<String, Object> metadata) {

    /** Of a vector that was added alone. */
    public static final Segment NONE = new Segment(Optional.empty(), Map.of());

    /** @throws IllegalArgumentException for metadata of another type, by its name */
    public Segment {
        metadata = Map.copyOf(metadata);
        metadata.forEach(Segment::check);
    }

    private static void check(String name, Object value) {
        switch (value) {
            case String _, Integer _, Long _, Float _, Double _, Boolean _, UUID _ -> {}
            case List<?> list -> ((Collection<?>) list).forEach(each -> check(name, each));
            default ->
                throw new IllegalArgumentException(
                        "metadata is text, whole and other numbers, booleans, UUIDs and lists of them: '%s' is %s"
                                .formatted(name, value.getClass().getName()));
        }
    }
}
