package repscorer.api.releases;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import repscorer.core.entity.EntityId;
import repscorer.core.failure.ScorerException.Conflict;
import repscorer.core.gate.HeldOutEdges;

/** Reads edges that no training has seen: a surface, a source and a candidate a line, with tabs between. */
final class HeldOutFile {

    private static final int EDGES_MAX = 10_000_000;

    private HeldOutFile() {}

    /**
     * @param surfaces that there are
     * @throws Conflict naming the file, the line and the rule
     */
    static HeldOutEdges read(Path file, List<String> surfaces) {
        Map<String, Map<EntityId, Set<EntityId>>> edges = new TreeMap<>();
        int number = 0;
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isEmpty()) {
                    add(line, surfaces, edges);
                }
                if (number > EDGES_MAX) {
                    throw new IllegalArgumentException("there are at most %s edges".formatted(EDGES_MAX));
                }
            }
        } catch (IOException e) {
            throw unreadable("%s cannot be read: %s".formatted(file, e));
        } catch (IllegalArgumentException e) {
            throw unreadable("%s line %s: %s".formatted(file, number, e.getMessage()));
        }
        return new HeldOutEdges(edges);
    }

    private static void add(String line, List<String> surfaces, Map<String, Map<EntityId, Set<EntityId>>> edges) {
        String[] words = line.split("\t", -1);
        if (words.length != 3) {
            throw new IllegalArgumentException(
                    "a line is a surface, a source and a candidate, with tabs between: %s words"
                            .formatted(words.length));
        }
        if (!surfaces.contains(words[0])) {
            throw new IllegalArgumentException("no surface is called '%s'; there are %s".formatted(words[0], surfaces));
        }
        edges.computeIfAbsent(words[0], surface -> new TreeMap<>())
                .computeIfAbsent(EntityId.parse(words[1]), source -> new HashSet<>())
                .add(EntityId.parse(words[2]));
    }

    private static Conflict unreadable(String message) {
        return new Conflict("held-out-unreadable", "gates.held-out.file: " + message);
    }
}
