package repscorer.core.rule;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import repscorer.core.entity.EntityId;

/**
 * One named rule of a surface. Rules run in the order they are declared in: those that remove, those that change scores
 * and rank anew, those that place.
 */
public sealed interface Rule {

    /** The attribute that every candidate has: its kind. */
    String KIND = "kind";

    /** The attribute that every candidate has: the column that contributed most to its score. */
    String SOURCE = "source";

    String name();

    Mode mode();

    /** The same rule in another mode. */
    Rule in(Mode mode);

    /** Whether a rule takes effect. */
    enum Mode {
        ON,
        OFF,
        /** Traced as if it were on, without any effect. */
        DRY_RUN
    }

    /** What a rule does whose signals cannot be read. */
    enum OnMissing {
        /** There is no answer: whom the rule protects is not shown to anybody for want of a signal. */
        REFUSE,
        /** Every candidate is removed. */
        REMOVE_ALL,
        /** Nothing is removed. */
        PASS
    }

    /** What a rule is about, which decides where it may stand. */
    enum Stage {
        REMOVE,
        SCORE,
        PLACE
    }

    /** Where in the order this rule may stand. */
    default Stage stage() {
        return switch (this) {
            case Remove remove -> Stage.REMOVE;
            case RemoveWhere remove -> Stage.REMOVE;
            case RemoveByAge remove -> Stage.REMOVE;
            case Boost boost -> Stage.SCORE;
            case Decay decay -> Stage.SCORE;
            case Worth worth -> Stage.SCORE;
            case Floor floor -> Stage.PLACE;
            case Cap cap -> Stage.PLACE;
            case Diversify diversify -> Stage.PLACE;
            case Quota quota -> Stage.PLACE;
            case Pin pin -> Stage.PLACE;
        };
    }

    /**
     * Removes what the source's histories or signals name: blocked, muted, seen, already followed.
     *
     * @param histories spaces whose entities for the source are meant
     * @param signals types of the source's signals whose entities are meant
     * @param attribute empty to remove the entities themselves; else candidates that have one of them as this attribute,
     *     such as {@code author}
     * @param onMissing what happens where the signals cannot be read
     * @param frequency how often signals must name an entity for it to be meant; absent for once, whenever that was
     */
    record Remove(
            String name,
            Mode mode,
            List<String> histories,
            List<String> signals,
            Optional<String> attribute,
            OnMissing onMissing,
            Optional<Frequency> frequency)
            implements Rule {

        /** A rule that refuses where its signals cannot be read. */
        public Remove(
                String name, Mode mode, List<String> histories, List<String> signals, Optional<String> attribute) {
            this(name, mode, histories, signals, attribute, OnMissing.REFUSE);
        }

        /** A rule that one signal is enough for. */
        public Remove(
                String name,
                Mode mode,
                List<String> histories,
                List<String> signals,
                Optional<String> attribute,
                OnMissing onMissing) {
            this(name, mode, histories, signals, attribute, onMissing, Optional.empty());
        }

        public Remove {
            histories = List.copyOf(histories);
            signals = List.copyOf(signals);
            require(!histories.isEmpty() || !signals.isEmpty(), name, "histories or signals must be named");
            require(frequency.isEmpty() || !signals.isEmpty(), name, "times and within are for signals");
        }

        @Override
        public Rule in(Mode other) {
            return new Remove(name, other, histories, signals, attribute, onMissing, frequency);
        }
    }

    /**
     * How often is too often.
     *
     * @param times so many signals or more, of all types of the rule together
     * @param within not older than this
     */
    record Frequency(int times, Duration within) {

        public static final int TIMES_MAX = 1_000;

        public Frequency {
            if (times < 1 || times > TIMES_MAX) {
                throw new IllegalArgumentException("times must be 1 to %s: %s".formatted(TIMES_MAX, times));
            }
            if (!within.isPositive()) {
                throw new IllegalArgumentException("within must be positive: " + within);
            }
        }
    }

    /** Removes candidates that have one of the values, or with {@code keep} those that have none of them. */
    record RemoveWhere(String name, Mode mode, Condition where, boolean keep) implements Rule {

        @Override
        public Rule in(Mode other) {
            return new RemoveWhere(name, other, where, keep);
        }
    }

    /** Removes candidates younger or older than given; those of unknown age stay. */
    record RemoveByAge(String name, Mode mode, Duration youngest, Duration oldest) implements Rule {

        public RemoveByAge {
            require(
                    !youngest.isNegative() && youngest.compareTo(oldest) < 0,
                    name,
                    "ages must not be negative and min-age below max-age: %s and %s".formatted(youngest, oldest));
        }

        /** Whether what was made then is too young or too old now. */
        public boolean isOutside(long createdMillis, long nowMillis) {
            Duration age = Duration.ofMillis(nowMillis - createdMillis);
            return age.compareTo(youngest) < 0 || age.compareTo(oldest) > 0;
        }

        @Override
        public Rule in(Mode other) {
            return new RemoveByAge(name, other, youngest, oldest);
        }
    }

    /**
     * Raises or lowers the score of candidates that meet a condition: s becomes s·multiply + add. A score below 0 is divided,
     * so that a factor above 1 always raises.
     */
    record Boost(String name, Mode mode, Condition where, double multiply, double add) implements Rule {

        public Boost {
            require(multiply > 0 && multiply <= 1_000, name, "multiply must be above 0 and at most 1000: " + multiply);
            require(Math.abs(add) <= 1_000, name, "add must be -1000 to 1000: " + add);
        }

        @Override
        public Rule in(Mode other) {
            return new Boost(name, other, where, multiply, add);
        }
    }

    /**
     * Lowers scores by age: s becomes s − weight·(1 − 2^(−age / halfLife)), nothing off for a new one and the whole weight
     * for a very old one. Candidates of unknown age keep their score.
     */
    record Decay(String name, Mode mode, Duration halfLife, double weight) implements Rule {

        public Decay {
            require(halfLife.isPositive(), name, "half-life must be positive: " + halfLife);
            require(weight > 0 && weight <= 1_000, name, "weight must be above 0 and at most 1000: " + weight);
        }

        @Override
        public Rule in(Mode other) {
            return new Decay(name, other, halfLife, weight);
        }
    }

    /**
     * Multiplies scores by what candidates are worth: s becomes s·w, with w the greatest weight of the candidate's row of a sparse
     * space, such as a bid. For scores that are probabilities, which makes them expected values.
     *
     * @param space of rows of candidates
     * @param otherwise what a candidate without such a row is worth; absent to remove it, for it cannot be compared with the others
     */
    record Worth(String name, Mode mode, String space, Optional<Double> otherwise) implements Rule {

        public static final double WORTH_MAX = 1e9;

        public Worth {
            otherwise.ifPresent(worth -> require(
                    worth > 0 && worth <= WORTH_MAX, name, "otherwise must be above 0 and at most 1e9: " + worth));
        }

        @Override
        public Rule in(Mode other) {
            return new Worth(name, other, space, otherwise);
        }
    }

    /** Removes candidates that score less than {@code scoreMin}, by the scores that all rules before it left. */
    record Floor(String name, Mode mode, double scoreMin) implements Rule {

        public Floor {
            require(Double.isFinite(scoreMin), name, "score-min must be finite: " + scoreMin);
        }

        @Override
        public Rule in(Mode other) {
            return new Floor(name, other, scoreMin);
        }
    }

    /** Keeps the best {@code max} candidates of each value of an attribute; those without a value stay. */
    record Cap(String name, Mode mode, String attribute, int max) implements Rule {

        public Cap {
            require(max >= 1, name, "max must be at least 1: " + max);
        }

        /** The same rule with room for another number. */
        public Cap max(int other) {
            return new Cap(name, mode, attribute, other);
        }

        @Override
        public Rule in(Mode other) {
            return new Cap(name, other, attribute, max);
        }
    }

    /**
     * Reorders the best {@code depth} candidates by maximal marginal relevance: each place goes to the greatest λ·r(i) −
     * (1 − λ)·max over those placed of sim(i, j), with r the score scaled to [0, 1] over them and sim the cosine in a
     * column's space, 0 where one has no embedding (Carbonell and Goldstein, SIGIR 1998).
     *
     * @param lambda 1 changes nothing, 0 looks at diversity alone
     */
    record Diversify(String name, Mode mode, double lambda, String column, int depth) implements Rule {

        public static final int DEPTH_MAX = 1_000;

        public Diversify {
            require(lambda >= 0 && lambda <= 1, name, "lambda must be 0 to 1: " + lambda);
            require(depth >= 2 && depth <= DEPTH_MAX, name, "depth must be 2 to %s: %s".formatted(DEPTH_MAX, depth));
        }

        @Override
        public Rule in(Mode other) {
            return new Diversify(name, other, lambda, column, depth);
        }
    }

    /** At least {@code min} of the answer meet a condition, as far as there are such candidates: they take the last places. */
    record Quota(String name, Mode mode, Condition where, int min) implements Rule {

        public Quota {
            require(min >= 1, name, "min must be at least 1: " + min);
        }

        @Override
        public Rule in(Mode other) {
            return new Quota(name, other, where, min);
        }
    }

    /** Puts an entity at a place, from 1, whatever its score; it is scored like the others. What is removed is not pinned. */
    record Pin(String name, Mode mode, EntityId id, int position) implements Rule {

        public Pin {
            require(position >= 1, name, "position must be at least 1: " + position);
        }

        @Override
        public Rule in(Mode other) {
            return new Pin(name, other, id, position);
        }
    }

    /** Whether a candidate's attribute has one of some values. */
    record Condition(String attribute, Set<String> values) {

        public Condition {
            values = Set.copyOf(values);
            if (values.isEmpty()) {
                throw new IllegalArgumentException("a condition names a value: attribute " + attribute);
            }
        }
    }

    private static void require(boolean holds, String name, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("%s (rule %s)".formatted(rule, name));
        }
    }
}
