package repscorer.training.graph;

import java.util.List;
import java.util.Map;

/**
 * What was read.
 *
 * @param graph of the edges to learn from
 * @param valid edges of given validation files, by relation
 * @param test edges of given test files, by relation
 * @param rows lines with data, bad ones included
 * @param badRows how many of them were bad
 * @param examples the first few bad rows
 */
public record EdgeData(
        Graph graph,
        Map<String, Relation> valid,
        Map<String, Relation> test,
        long rows,
        long badRows,
        List<BadRow> examples) {

    public EdgeData {
        valid = Map.copyOf(valid);
        test = Map.copyOf(test);
        examples = List.copyOf(examples);
    }
}
