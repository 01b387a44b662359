package repscorer.core.drift;

import java.util.List;
import java.util.Optional;
import repscorer.core.entity.EntityId;

/**
 * How what one surface answers differs between two releases.
 *
 * @param sources how many sources it was asked for, drawn from those that both releases have
 * @param unansweredA how many of them the first release has no candidates for
 * @param reason the first of the reasons why not, in words
 * @param answers of those sources that both answered; empty where there are none
 * @param worst the sources whose answers are least alike, the least first
 */
public record SurfaceDrift(
        String surface,
        int sources,
        int unansweredA,
        int unansweredB,
        Optional<String> reason,
        Optional<ListDrift> answers,
        List<Worst> worst) {

    public SurfaceDrift {
        worst = List.copyOf(worst);
    }

    /** A source and what both releases answer. */
    public record Worst(EntityId source, double overlap, double rankBiasedOverlap, List<EntityId> a, List<EntityId> b) {

        public Worst {
            a = List.copyOf(a);
            b = List.copyOf(b);
        }
    }
}
