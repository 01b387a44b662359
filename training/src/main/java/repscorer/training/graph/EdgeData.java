package repscorer.training.graph;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was read.
 *
 * @param graph of the edges to learn from; where the plan has a hold-out-from, of rows before it alone
 * @param late edges of rows from the plan's hold-out-from on, by relation
 * @param valid edges of given validation files, by relation
 * @param test edges of given test files, by relation
 * @param rows lines with data, bad ones included
 * @param badRows how many of them were bad
 * @param examples the first few bad rows
 * @param notes what a person should know of the data
 */
public record EdgeData(
        Graph graph,
        Map<String, Relation> late,
        Map<String, Relation> valid,
        Map<String, Relation> test,
        long rows,
        long badRows,
        List<BadRow> examples,
        List<String> notes) {

    public EdgeData {
        late = Collections.unmodifiableSortedMap(new TreeMap<>(late));
        valid = Map.copyOf(valid);
        test = Map.copyOf(test);
        examples = List.copyOf(examples);
        notes = List.copyOf(notes);
    }
}
