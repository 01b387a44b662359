package repscorer.core.model;

import java.util.regex.Pattern;
import repscorer.core.entity.EntityId;

/**
 * One number that a model reads of a candidate. Files, logs and explanations write it as {@link #text}; where the number is not known it is
 * missing, which is not 0.
 */
public sealed interface ModelFeature {

    /** What features are, for messages. */
    String FORMS = "column:NAME, engagement:NAME, attribute:NAME=ENTITY, popularity:SPACE or age";

    Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}");

    /** As files write it: {@code column:twhin}. */
    String text();

    /** What it reads in a word, by which features are told together: {@code column}, {@code age}. */
    default String group() {
        return text().split(":", 2)[0];
    }

    /** The raw value of another column of the plan. */
    record Column(String name) implements ModelFeature {
        public Column {
            check(name, "column");
        }

        @Override
        public String text() {
            return "column:" + name;
        }
    }

    /** A feature of recent engagement, such as {@code fav-1d-max}. */
    record Engagement(String name) implements ModelFeature {
        public Engagement {
            check(name, "engagement");
        }

        @Override
        public String text() {
            return "engagement:" + name;
        }
    }

    /** 1 where an attribute of the plan has a value, 0 where it has another. */
    record Attribute(String name, EntityId value) implements ModelFeature {
        public Attribute {
            check(name, "attribute");
        }

        @Override
        public String text() {
            return "attribute:%s=%s".formatted(name, value);
        }
    }

    /** How many rows of a sparse space have the candidate as a column: its followers, of {@code history-follow}. */
    record Popularity(String space) implements ModelFeature {
        public Popularity {
            check(space, "popularity");
        }

        @Override
        public String text() {
            return "popularity:" + space;
        }
    }

    /** Hours since the candidate was made. */
    record Age() implements ModelFeature {
        @Override
        public String text() {
            return "age";
        }
    }

    private static void check(String name, String form) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a feature of form %s has a name: '%s'".formatted(form, name));
        }
    }

    /** @throws IllegalArgumentException for text that is no feature */
    static ModelFeature parse(String text) {
        if (text.equals("age")) {
            return new Age();
        }
        int colon = text.indexOf(':');
        String what = text.substring(colon + 1);
        switch (colon < 0 ? "" : text.substring(0, colon)) {
            case "column" -> {
                return new Column(what);
            }
            case "engagement" -> {
                return new Engagement(what);
            }
            case "popularity" -> {
                return new Popularity(what);
            }
            case "attribute" -> {
                int equals = what.indexOf('=');
                if (equals > 0) {
                    return new Attribute(what.substring(0, equals), EntityId.parse(what.substring(equals + 1)));
                }
            }
            default -> {}
        }
        throw new IllegalArgumentException("a feature is %s: '%s'".formatted(FORMS, text));
    }
}
