package repscorer.training.plan;

import repscorer.core.embedding.Space;
import repscorer.core.entity.EntityKind;

/**
 * Rows that somebody else knows, such as the category of a thing or what it is worth: a sparse space of the release.
 *
 * @param space that they become
 * @param kind of the entities that have rows
 * @param file of lines {@code {"id": …, "entries": {"topic:jazz": 1}}}
 */
public record RowsPlan(String space, EntityKind kind, String file) {

    public RowsPlan {
        Space.checkName("space", space);
        Rules.check(
                file.endsWith(".jsonl") || file.endsWith(".jsonl.gz"), "rows come as .jsonl or .jsonl.gz: '%s'", file);
    }
}
