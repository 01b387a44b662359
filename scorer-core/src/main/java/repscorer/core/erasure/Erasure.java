package repscorer.core.erasure;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import repscorer.core.disk.SealedText;

/**
 * One erasure: whose digests, by whom, why, and how far it is. Immutable; no id stands in it.
 *
 * @param receipt its name, such as {@code e3-0f5a91c2}
 * @param number counts erasures from 1
 * @param at when it was asked for: what is older than that never comes back
 * @param kinds of the entities
 * @param digests of the texts that the subjects are written as, in the order they were given
 * @param places what became of each place that was looked at, in words, by place
 * @param waiting why it goes on later, where something failed
 * @param done when the last byte was gone; empty until then
 */
public record Erasure(
        String receipt,
        long number,
        Instant at,
        String by,
        String reason,
        Set<String> kinds,
        List<String> digests,
        SortedMap<String, String> places,
        Optional<String> waiting,
        Optional<Instant> done) {

    private static final String DIGEST = "digest.";
    private static final String PLACE = "place.";

    public Erasure {
        kinds = Set.copyOf(kinds);
        digests = List.copyOf(digests);
        places = Collections.unmodifiableSortedMap(new TreeMap<>(places));
    }

    /** The same, further on. */
    Erasure with(String place, String words) {
        SortedMap<String, String> more = new TreeMap<>(places);
        more.put(place, words);
        return new Erasure(receipt, number, at, by, reason, kinds, digests, more, Optional.empty(), done);
    }

    Erasure waitingFor(String why) {
        return new Erasure(receipt, number, at, by, reason, kinds, digests, places, Optional.of(why), done);
    }

    Erasure doneAt(Instant end) {
        return new Erasure(receipt, number, at, by, reason, kinds, digests, places, Optional.empty(), Optional.of(end));
    }

    byte[] toBytes() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("receipt", receipt);
        entries.put("number", Long.toString(number));
        entries.put("at", at.toString());
        entries.put("by", by);
        entries.put("reason", reason);
        entries.put("kinds", String.join(",", new TreeSet<>(kinds)));
        for (int i = 0; i < digests.size(); i++) {
            entries.put(DIGEST + i, digests.get(i));
        }
        places.forEach((place, words) -> entries.put(PLACE + place, words));
        waiting.ifPresent(why -> entries.put("waiting", why));
        done.ifPresent(end -> entries.put("done", end.toString()));
        return SealedText.write(entries);
    }

    /** @throws IllegalArgumentException for a text that is damaged */
    static Erasure parse(byte[] content) {
        Map<String, String> entries = SealedText.read(content);
        try {
            List<String> digests = new ArrayList<>();
            for (String digest = entries.get(DIGEST + 0);
                    digest != null;
                    digest = entries.get(DIGEST + digests.size())) {
                digests.add(digest);
            }
            SortedMap<String, String> places = new TreeMap<>();
            entries.forEach((key, words) -> {
                if (key.startsWith(PLACE)) {
                    places.put(key.substring(PLACE.length()), words);
                }
            });
            String kinds = entries.getOrDefault("kinds", "");
            return new Erasure(
                    required(entries, "receipt"),
                    Long.parseLong(required(entries, "number")),
                    Instant.parse(required(entries, "at")),
                    required(entries, "by"),
                    required(entries, "reason"),
                    kinds.isEmpty() ? Set.of() : Set.of(kinds.split(",", -1)),
                    digests,
                    places,
                    Optional.ofNullable(entries.get("waiting")),
                    Optional.ofNullable(entries.get("done")).map(Instant::parse));
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static String required(Map<String, String> entries, String key) {
        String value = entries.get(key);
        if (value == null) {
            throw new IllegalArgumentException("the line '%s' is missing".formatted(key));
        }
        return value;
    }
}
