package repscorer.benchmarks.churn;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A streaming run-book of the Big-ANN benchmarks (NeurIPS '23): rows of a data set that come and go, and when searches are judged.
 *
 * @param name of its file and data set
 * @param end the row past the last that it names
 */
record RunBook(String name, long end, List<Step> steps) {

    sealed interface Step {

        /** Rows come, each as the entity of its own number. */
        record Insert(long from, long to) implements Step {}

        record Delete(long from, long to) implements Step {}

        /** Entities get the rows of others in place of theirs. */
        record Replace(long entitiesFrom, long entitiesTo, long rowsFrom) implements Step {}

        record Search() implements Step {}
    }

    /** Those of a compressed file, one for each data set. */
    static List<RunBook> read(Path file) throws IOException {
        List<RunBook> books = new ArrayList<>();
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            String stem = file.getFileName().toString().replace("_runbook.yaml.gz", "");
            for (Map.Entry<String, JsonNode> each :
                    new YAMLMapper().readTree(in).properties()) {
                books.add(of(stem + "/" + each.getKey(), each.getValue()));
            }
        }
        return books;
    }

    private static RunBook of(String name, JsonNode book) {
        List<Step> steps = new ArrayList<>();
        long end = 0;
        for (int number = 1; book.has(Integer.toString(number)); number++) {
            JsonNode step = book.get(Integer.toString(number));
            long from = step.path("start").asLong(0);
            long to = step.path("end").asLong(0);
            String operation = step.path("operation").asString();
            steps.add(
                    switch (operation) {
                        case "insert" -> new Step.Insert(from, to);
                        case "delete" -> new Step.Delete(from, to);
                        case "search" -> new Step.Search();
                        case "replace" ->
                            new Step.Replace(
                                    step.path("tags_start").asLong(),
                                    step.path("tags_end").asLong(),
                                    step.path("ids_start").asLong());
                        default ->
                            throw new IllegalArgumentException(
                                    "%s step %s: no operation is called '%s'".formatted(name, number, operation));
                    });
            end = Math.max(end, Math.max(to, step.path("ids_end").asLong(0)));
        }
        return new RunBook(name, end, steps);
    }
}
