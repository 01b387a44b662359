package repscorer.training.plan;

import java.util.Optional;
import repscorer.core.entity.EntityKind;

/**
 * What entities of a kind are called or say: the texts of the space {@code text-KIND}.
 *
 * @param file of lines {@code {"id": …, "text": …}}; absent where the ids are names themselves, as hashtags are
 */
public record TextPlan(EntityKind kind, Optional<String> file) {

    public TextPlan {
        Rules.check(
                file.map(name -> name.endsWith(".jsonl") || name.endsWith(".jsonl.gz"))
                        .orElse(true),
                "texts come as .jsonl or .jsonl.gz: '%s'",
                file.orElse(""));
    }
}
