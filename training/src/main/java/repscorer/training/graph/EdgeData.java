package repscorer.training.graph;

import java.util.List;

/**
 * What was read.
 *
 * @param rows lines with data, bad ones included
 * @param badRows how many of them were bad
 * @param examples the first few bad rows
 */
public record EdgeData(Graph graph, long rows, long badRows, List<BadRow> examples) {

    public EdgeData {
        examples = List.copyOf(examples);
    }
}
