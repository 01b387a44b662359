package repscorer.core.answer;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import repscorer.core.entity.EntityId;

/**
 * Which stage of a request lost one candidate.
 *
 * @param by who lost it within the stage: {@code source}, {@code filters.excludeIds}, a history space, or a rule's name
 * @param setting what decided, such as {@code columns.twhin.retrieve}, {@code k} or {@code rules.two-per-author.max}
 * @param value of the setting in this request
 * @param needed the least value that takes it past this stage, all else equal; empty where no value of one setting does
 * @param score the candidate's blended score, where it came so far
 * @param scoreNeeded the score it would have needed instead
 * @param rank from 1 in the final list, where it came so far
 * @param remedy the settings that together have it answered, {@code k} or overrides; empty where no such settings were found
 * @param searches what each column's search had to say, in the plan's order
 */
public record WhyNot(
        EntityId id,
        Stage stage,
        String message,
        Optional<String> by,
        Optional<String> setting,
        Optional<String> value,
        Optional<String> needed,
        OptionalDouble score,
        OptionalDouble scoreNeeded,
        OptionalInt rank,
        List<Search> searches,
        Map<String, String> remedy,
        Provenance provenance) {

    public WhyNot {
        searches = List.copyOf(searches);
        remedy = Collections.unmodifiableMap(new LinkedHashMap<>(remedy));
    }

    /** The same verdict told in other words, which may be that another stage lost it. */
    public WhyNot told(Stage otherStage, String otherMessage, Optional<String> otherBy, OptionalInt otherRank) {
        boolean same = otherStage == stage;
        return new WhyNot(
                id,
                otherStage,
                otherMessage,
                otherBy,
                same ? setting : Optional.empty(),
                same ? value : Optional.empty(),
                same ? needed : Optional.empty(),
                score,
                same ? scoreNeeded : OptionalDouble.empty(),
                otherRank,
                searches,
                remedy,
                provenance);
    }

    /** The same verdict with the value needed, or none, and what would remedy it. */
    public WhyNot with(Optional<String> otherNeeded, Map<String, String> otherRemedy) {
        return new WhyNot(
                id,
                stage,
                message,
                by,
                setting,
                value,
                otherNeeded,
                score,
                scoreNeeded,
                rank,
                searches,
                otherRemedy,
                provenance);
    }

    /** The stages in the order in which they lose candidates. */
    public enum Stage {
        /** The request answers other kinds. */
        KIND,
        /** Left out of the searches. */
        EXCLUDED,
        /** No column has an embedding of it. */
        EMBEDDING,
        /** No search found it. */
        RETRIEVAL,
        /** Found, but no column that counts could score it. */
        BLEND,
        /** Removed from the ranked list by a rule. */
        RULE,
        /** Ranked within k, and put below it by chance. */
        CHANCE,
        /** Ranked below k. */
        RANK,
        /** Not lost at all. */
        ANSWERED
    }

    /**
     * One column's search for the candidate.
     *
     * @param missing why the column cannot find it
     * @param score its score by the index's measure
     * @param cut the least score that was retrieved
     * @param rank how it stands among all that may be answered, by exact scores, from 1
     * @param retrieved how many were retrieved
     * @param found whether this search found it
     */
    public record Search(
            String column,
            Optional<MissingReason> missing,
            OptionalDouble score,
            OptionalDouble cut,
            OptionalInt rank,
            int retrieved,
            boolean found) {}
}
