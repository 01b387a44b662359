package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Maps between the coordinates of two trainings of a model, both ways, kept with a release.
 *
 * @param name what it is deleted by
 * @param model whose dense spaces it holds for
 * @param from whose rows it makes comparable with the release's
 * @param to what the release holds
 * @param method that is kept: {@code procrustes}, {@code affine} or {@code residual}
 * @param shared ids that both have
 * @param pairs of them that it was fitted on
 * @param heldOut of them that it was judged by
 * @param seed of the draw and of what is learnt
 * @param values that the map of the older rows is made of
 * @param fits what was tried, the simplest first
 */
public record AlignmentBody(
        String name,
        String model,
        CoordinatesBody from,
        CoordinatesBody to,
        String method,
        int shared,
        int pairs,
        int heldOut,
        long seed,
        int values,
        List<FitBody> fits) {

    /**
     * Whose coordinates rows have.
     *
     * @param release that they were read from
     * @param training that made them; absent where their files name none
     * @param versions of the model's dense spaces, by space
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record CoordinatesBody(String release, @Nullable String training, Map<String, String> versions) {}

    /**
     * What one method came to over held-out ids.
     *
     * @param method that was tried
     * @param forward of rows of the older coordinates
     * @param backward of the release's rows
     */
    public record FitBody(String method, QualityBody forward, QualityBody backward) {}

    /**
     * How well one direction did.
     *
     * @param cosine of a mapped row with the id's own, on average
     * @param recall the share of the 10 nearest rows of the id's own row that the mapped row finds too
     */
    public record QualityBody(double cosine, double recall) {}
}
