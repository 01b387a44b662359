package repscorer.api.lines;

import java.io.IOException;
import java.util.List;

/**
 * What becomes of lines.
 *
 * @param <P> a line that was read, or the rule that it breaks
 */
public interface LineHandler<P> {

    P parse(byte[] line);

    /** What a line is that is not read to its end. */
    P tooLong(int bytesMax);

    /**
     * Makes lines durable together, and answers each.
     *
     * @param before how many lines came before them
     * @param answers gets a line for each
     */
    void commit(List<P> batch, long before, StringBuilder answers) throws IOException;

    /**
     * The last line of all.
     *
     * @param failure further keys and values, beginning with a comma, that tell where the stream stopped; empty for one that was read to
     *     its end
     */
    String summary(long lines, String failure);
}
