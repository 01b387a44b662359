package repscorer.core.align;

import java.util.List;

/**
 * Maps between the coordinates of two trainings of a model, both ways, and how well they did on ids that they were not fitted on.
 *
 * @param to the release that it is kept with
 * @param shared ids that both have
 * @param pairs of them that it was fitted on
 * @param heldOut of them that it was judged by
 * @param fits what was tried, the simplest first
 * @param forward maps rows of {@code from} onto {@code to}: what queries with older vectors go through
 * @param backward maps rows of {@code to} onto {@code from}: what those are served who know the older coordinates
 */
public record Alignment(
        String model,
        Coordinates from,
        Coordinates to,
        int shared,
        int pairs,
        int heldOut,
        long seed,
        List<Fit> fits,
        Adapter forward,
        Adapter backward) {

    /** Neighbours that recall is counted over. */
    public static final int NEIGHBORS = 10;

    public Alignment {
        fits = List.copyOf(fits);
    }

    /** What one method came to in both directions. */
    public record Fit(AlignmentMethod method, Quality forward, Quality backward) {

        /** What methods are compared by. */
        double recall() {
            return (forward.recall + backward.recall) / 2;
        }

        double recallMin() {
            return Math.min(forward.recall, backward.recall);
        }
    }

    /**
     * Over held-out ids.
     *
     * @param cosine of the mapped row with the id's own, on average
     * @param recall the share of the {@link #NEIGHBORS} nearest rows of the id's own row that the mapped row finds too
     */
    public record Quality(double cosine, double recall) {}

    public AlignmentMethod method() {
        return forward.method();
    }

    /** The fit that is kept. */
    public Fit kept() {
        return fits.stream()
                .filter(fit -> fit.method() == method())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("what is kept was tried: " + method()));
    }
}
