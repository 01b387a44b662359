package repscorer.training.evaluate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import repscorer.core.entity.EntityId;
import repscorer.training.graph.DataException;
import repscorer.training.graph.EntityIndex;
import repscorer.training.graph.Relation;

/**
 * How good communities are: the share of follows that stay inside one, and, where the truth was planted, how much of it they
 * tell.
 */
final class CommunitiesTask implements EvaluationTask {

    static final String NAME = "communities";

    @Override
    public List<TaskResult> run(Input input) throws IOException {
        if (input.plan().simclusters().isEmpty()) {
            return List.of();
        }
        Relation follow = input.split()
                .training()
                .relation(input.plan().simclusters().get().follow())
                .orElseThrow();
        EntityIndex producers = follow.tailEntities();
        Optional<int[]> known = KnownForFile.read(input.release(), producers);
        if (known.isEmpty()) {
            return List.of();
        }
        int[] found = known.get();
        TaskResult.Builder result = TaskResult.of(NAME)
                .put("relation", follow.name())
                .put("method", Evaluator.SIMCLUSTERS)
                .put(
                        "communities",
                        Arrays.stream(found).filter(c -> c >= 0).distinct().count())
                .put("members", Arrays.stream(found).filter(c -> c >= 0).count());
        if (follow.headEntities() == producers) {
            result.put("edgesInside", inside(follow, found));
        }
        String truth = input.plan().evaluation().truth();
        if (!truth.isEmpty()) {
            int[] planted = planted(input.data().resolve(truth), producers);
            result.put(
                    "planted",
                    Arrays.stream(planted).filter(c -> c >= 0).distinct().count());
            result.put("nmi", Nmi.of(planted, found));
        }
        return List.of(result.build());
    }

    private static double inside(Relation follow, int[] community) {
        int inside = 0;
        for (int edge = 0; edge < follow.edges(); edge++) {
            int c = community[follow.tails()[edge]];
            inside += c >= 0 && c == community[follow.heads()[edge]] ? 1 : 0;
        }
        return (double) inside / Math.max(follow.edges(), 1);
    }

    /** Rows of an id, a community in words, and whatever else, between tabs; entities of other kinds are passed over. */
    private static int[] planted(Path file, EntityIndex entities) throws IOException {
        int[] planted = new int[entities.count()];
        Arrays.fill(planted, -1);
        Map<String, Integer> numbers = new HashMap<>();
        int line = 0;
        for (String row : Files.readAllLines(file)) {
            line++;
            String[] fields = row.split("\t", 3);
            if (fields.length < 2) {
                throw new DataException("a row of the truth has an id and a community: %s line %s: '%s'"
                        .formatted(file.getFileName(), line, row));
            }
            EntityId id = id(fields[0], file, line);
            int ordinal = id.kind().equals(entities.kind()) ? entities.ordinal(id.value()) : -1;
            if (ordinal >= 0) {
                planted[ordinal] = numbers.computeIfAbsent(fields[1], word -> numbers.size());
            }
        }
        return planted;
    }

    private static EntityId id(String text, Path file, int line) {
        try {
            return EntityId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new DataException("%s (%s line %s)".formatted(e.getMessage(), file.getFileName(), line), e);
        }
    }
}
