package repscorer.core.embedding;

import repscorer.core.entity.EntityKind;

/**
 * A space of texts: names, hashtags, labels, what tweets say. Searched by their words.
 *
 * @param language whose words the texts have; tells how words are cut, folded and stemmed
 * @param completed whether entities are found by the beginnings of their words, as names are; of long texts nobody asks that
 */
public record TextSpace(
        String name,
        String model,
        EntityKind kind,
        TextLanguage language,
        boolean completed,
        boolean required,
        SpacePolicy policy)
        implements Space {

    /** With the default policy, which keeps empty texts. */
    public TextSpace(
            String name, String model, EntityKind kind, TextLanguage language, boolean completed, boolean required) {
        this(name, model, kind, language, completed, required, SpacePolicy.KEEPING);
    }

    public TextSpace {
        Space.checkName("space", name);
        Space.checkName("model", model);
    }
}
