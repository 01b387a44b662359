package repscorer.analysis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import repscorer.decisions.Decision;
import repscorer.decisions.JoinedDecision;
import repscorer.decisions.Outcome;

/** Answers of one surface with what one kind of outcome brought, kept for fits that look at them several times. Not safe for concurrent use. */
public final class LoggedAnswers {

    private final String surface;
    private final String kind;
    private final List<Answer> answers = new ArrayList<>();
    private final ColumnScales scales = new ColumnScales();
    private final Set<String> kinds = new TreeSet<>();
    private final Set<String> surfaces = new TreeSet<>();
    private long interleaved;

    /** @param kind of outcomes that count */
    public LoggedAnswers(String surface, String kind) {
        this.surface = surface;
        this.kind = kind;
    }

    /** @param impressions whether anything is known of what was seen */
    record Answer(String unit, List<Row> rows, boolean impressions) {}

    /** One candidate, at its rank. */
    record Row(double score, Map<String, Double> columns, double propensity, double reward, boolean seen) {}

    /** Takes answers of the surface; others are passed over, and so are interleaved ones, which no one plan ordered. */
    public void add(JoinedDecision joined) {
        Decision decision = joined.decision();
        surfaces.add(decision.surface());
        if (!decision.surface().equals(surface)) {
            return;
        }
        if (decision.candidates().stream().anyMatch(shown -> shown.team().isPresent())) {
            interleaved++;
            return;
        }
        Map<String, Double> rewards = new HashMap<>();
        Set<String> seen = new HashSet<>();
        for (Outcome outcome : joined.outcomes()) {
            kinds.add(outcome.kind());
            if (outcome.kind().equals(kind)) {
                rewards.merge(outcome.candidate(), outcome.value(), Double::sum);
            }
            seen.add(outcome.candidate());
        }
        List<Row> rows = new ArrayList<>();
        for (Decision.Shown shown : decision.candidates()) {
            scales.add(shown.columns());
            rows.add(new Row(
                    shown.score(),
                    shown.columns(),
                    shown.propensity(),
                    rewards.getOrDefault(shown.candidate(), 0.0),
                    seen.contains(shown.candidate())));
        }
        boolean impressions =
                joined.outcomes().stream().anyMatch(each -> each.kind().equals(Outcome.IMPRESSION));
        answers.add(new Answer(decision.unit().orElse(decision.id()), rows, impressions));
    }

    /** Answers, at least one, of which at least one has the outcome. */
    List<Answer> answers() {
        if (answers.isEmpty()) {
            throw new IllegalArgumentException("the log has no answers of surface '%s'; it has of %s%s"
                    .formatted(surface, surfaces, interleaved > 0 ? ", and interleaved ones" : ""));
        }
        if (!kinds.contains(kind)) {
            throw new IllegalArgumentException(
                    "the log has no outcomes '%s' of surface '%s'; it has %s".formatted(kind, surface, kinds));
        }
        return answers;
    }

    /** Rows that people saw: where anybody tells of impressions, those alone; else all. */
    List<Seen> seen() {
        boolean told = answers().stream().anyMatch(Answer::impressions);
        List<Seen> rows = new ArrayList<>();
        for (Answer answer : answers) {
            for (int rank = 0; rank < answer.rows().size(); rank++) {
                Row row = answer.rows().get(rank);
                if (!told || row.seen()) {
                    rows.add(new Seen(answer.unit(), rank + 1, row));
                }
            }
        }
        return rows;
    }

    /** @param rank from 1 */
    record Seen(String unit, int rank, Row row) {

        /** What a column has, or the blend where none is named. */
        Optional<Double> value(Optional<String> column) {
            return column.isEmpty()
                    ? Optional.of(row.score())
                    : Optional.ofNullable(row.columns().get(column.orElseThrow()));
        }
    }

    ColumnScales scales() {
        return scales;
    }

    String kind() {
        return kind;
    }
}
