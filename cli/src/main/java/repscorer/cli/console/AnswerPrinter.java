package repscorer.cli.console;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import repscorer.wire.CandidateBody;
import repscorer.wire.CandidateBody.RuleTraceBody;
import repscorer.wire.CandidateBody.SaidBody;
import repscorer.wire.CandidateBody.TermBody;
import repscorer.wire.CandidatesResponse;
import repscorer.wire.ColumnBody;
import repscorer.wire.ProvenanceBody;
import repscorer.wire.SharedClusterBody;

/** Prints ranked candidates for a person: what it is, what it scored, and where the score comes from. */
public final class AnswerPrinter {

    private static final int CLUSTERS_SHOWN = 2;
    private static final int WORDS_WIDTH = 64;

    private final PrintStream out;
    private final Names names;

    public AnswerPrinter(PrintStream out, Names names) {
        this.out = out;
        this.names = names;
    }

    public void print(CandidatesResponse answer, boolean explain) {
        List<CandidateBody> candidates = answer.candidates();
        Map<String, String> words =
                names.of(candidates.stream().map(CandidateBody::id).toList());
        int idWidth = candidates.stream().mapToInt(c -> c.id().length()).max().orElse(0);
        int wordsWidth = Math.min(
                WORDS_WIDTH,
                words.values().stream().mapToInt(String::length).max().orElse(0));
        for (CandidateBody candidate : candidates) {
            String label = words.getOrDefault(candidate.id(), "");
            out.printf(
                    Locale.ROOT,
                    "  %2d  %s  %s  %s%n",
                    candidate.rank(),
                    pad(candidate.id(), idWidth),
                    pad(clip(label), wordsWidth),
                    Terminal.bold(String.format(Locale.ROOT, "%7.3f", candidate.score())));
            if (explain) {
                out.println(Terminal.faint("      = " + parts(candidate)));
            }
        }
        String shortfall = answer.shortfall();
        if (shortfall != null) {
            out.println("  " + answer.returned() + " of " + answer.k() + ": " + shortfall);
        }
        ProvenanceBody provenance = answer.provenance();
        provenance.notices().forEach(notice -> out.println("  note: " + notice.message()));
        out.println(Terminal.faint(String.format(
                Locale.ROOT,
                "  release %s · %.1f ms · decision %s",
                provenance.release(),
                provenance.micros().getOrDefault("total", 0L) / 1000.0,
                provenance.decisionId())));
    }

    private static String parts(CandidateBody candidate) {
        List<ColumnBody> columns = candidate.columns() == null ? List.of() : candidate.columns();
        String sum = columns.stream().map(AnswerPrinter::part).collect(Collectors.joining(" + ")) + rules(candidate);
        List<SharedClusterBody> shared = candidate.sharedClusters() == null ? List.of() : candidate.sharedClusters();
        sum += words(candidate);
        List<SaidBody> reasons = candidate.reasons() == null ? List.of() : candidate.reasons();
        String told = reasons.stream().map(reason -> " · " + reason.text()).collect(Collectors.joining());
        if (shared.isEmpty()) {
            return sum + told;
        }
        return sum + " · shares "
                + shared.stream()
                        .limit(CLUSTERS_SHOWN)
                        .map(cluster ->
                                String.format(Locale.ROOT, "[%s] %.0f%%", cluster.label(), 100 * cluster.share()))
                        .collect(Collectors.joining(", "))
                + told;
    }

    /** The words that its text shares with the source. */
    private static String words(CandidateBody candidate) {
        List<TermBody> terms = candidate.terms() == null ? List.of() : candidate.terms();
        return terms.isEmpty()
                ? ""
                : " · says "
                        + terms.stream()
                                .map(term -> String.format(Locale.ROOT, "\"%s\" %.2f", term.term(), term.part()))
                                .collect(Collectors.joining(", "));
    }

    /** What rules did to it: changes of the score, then other places. */
    private static String rules(CandidateBody candidate) {
        StringBuilder text = new StringBuilder();
        for (RuleTraceBody trace : candidate.rules() == null ? List.<RuleTraceBody>of() : candidate.rules()) {
            Double worth = trace.worth();
            if (trace.applied() && worth != null) {
                text.append(String.format(Locale.ROOT, " × %s %.2f = %.3f", trace.rule(), worth, trace.after()));
            } else if (trace.applied() && trace.change().equals("scored")) {
                text.append(String.format(Locale.ROOT, " %s (%+.2f)", trace.rule(), trace.after() - trace.before()));
            } else if (trace.applied()) {
                text.append(String.format(Locale.ROOT, " · %s from rank %.0f", trace.rule(), trace.before()));
            }
        }
        return text.toString();
    }

    private static String part(ColumnBody column) {
        Double raw = column.raw();
        Double contribution = column.contribution();
        return raw == null || contribution == null
                ? "%s (%s)".formatted(column.column(), column.missing())
                : String.format(Locale.ROOT, "%s %.2f (%+.2f)", column.column(), raw, contribution);
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String clip(String text) {
        return text.length() <= WORDS_WIDTH ? text : text.substring(0, WORDS_WIDTH - 1) + "…";
    }
}
