package repscorer.core.plan;

import java.util.Optional;
import repscorer.core.similarity.Similarity;

/**
 * How embeddings of two spaces are compared.
 *
 * @param translation a relation vector θ_r that is added to a dense source first; with {@code dot} the score is that of
 *     TwHIN, (θ_s + θ_r)ᵀθ_t
 */
public record Comparison(
        Similarity similarity, String sourceSpace, String candidateSpace, Optional<Translation> translation) {

    /**
     * A relation vector.
     *
     * @param space where relation vectors are, a dense space of kind relation
     * @param relation the relation's value, such as {@code follow}: the id is {@code relation:follow}
     */
    public record Translation(String space, String relation) {}

    public static Comparison of(Similarity similarity, String sourceSpace, String candidateSpace) {
        return new Comparison(similarity, sourceSpace, candidateSpace, Optional.empty());
    }
}
