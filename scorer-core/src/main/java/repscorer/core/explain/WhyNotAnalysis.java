package repscorer.core.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import repscorer.ann.Neighbors;
import repscorer.ann.OrdinalFilter;
import repscorer.core.answer.MissingReason;
import repscorer.core.answer.Provenance;
import repscorer.core.answer.Ranked;
import repscorer.core.answer.WhyNot;
import repscorer.core.answer.WhyNot.Search;
import repscorer.core.answer.WhyNot.Stage;
import repscorer.core.candidates.CandidateResult;
import repscorer.core.candidates.Exclusions;
import repscorer.core.candidates.Retrieval;
import repscorer.core.embedding.DenseSpace;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.interleave.Pick;
import repscorer.core.pair.RowPairs;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ScoringPlan;
import repscorer.core.request.RequestTrace;
import repscorer.core.rule.Effect;
import repscorer.core.rule.Rule;
import repscorer.core.similarity.Similarity;
import repscorer.core.similarity.SparsePairs;
import repscorer.core.source.QueryVector;
import repscorer.core.store.SpaceVersion;
import repscorer.core.text.TextQuery;
import repscorer.vector.VectorOps;

/** Asks a result where one candidate was lost. For one request and one thread. */
public final class WhyNotAnalysis {

    /*
     * The stages are gone through in their order; the first that lost the candidate answers. The value that would have kept it is
     * counted where the list as it is decides (a cap), and tried by searches where a search decides. O(rows) for the ranks.
     */

    private final CandidateResult result;
    private final ScoringPlan plan;
    private final RequestTrace trace;
    private final int k;
    private final List<EntityKind> kinds;
    private final EntityId id;
    private final int number;

    public WhyNotAnalysis(CandidateResult result, EntityId id) {
        this.result = result;
        this.plan = result.request().plan();
        this.trace = result.request().trace();
        this.k = result.scope().k();
        this.kinds = result.scope().kinds();
        this.id = id;
        this.number = result.request().entities().number(id);
    }

    /** The verdict of an answer of two plans: of the one whose candidate it was to the last, in its name. */
    public static WhyNot verdict(InterleavedResult both, EntityId id, Provenance provenance) {
        List<WhyNot> verdicts = List.of(
                new WhyNotAnalysis(both.first(), id).verdict(provenance),
                new WhyNotAnalysis(both.second(), id).verdict(provenance));
        for (int place = 0; place < both.picks().size(); place++) {
            Pick<EntityId> pick = both.picks().get(place);
            if (pick.thing().equals(id)) {
                return verdicts.get(pick.from())
                        .told(
                                Stage.ANSWERED,
                                "answered at rank %s, brought by %s from its rank %s"
                                        .formatted(place + 1, both.team(pick.from()), pick.rank() + 1),
                                Optional.empty(),
                                OptionalInt.of(place + 1));
            }
        }
        int further = verdicts.get(1).stage().compareTo(verdicts.get(0).stage()) > 0 ? 1 : 0;
        WhyNot verdict = verdicts.get(further);
        String of = "%s: ".formatted(both.team(further));
        return verdict.stage() == Stage.ANSWERED
                ? verdict.told(
                        Stage.CHANCE,
                        of
                                + "rank %s, and the %s places were taken before its turn"
                                        .formatted(
                                                verdict.rank().orElseThrow(),
                                                both.picks().size()),
                        Optional.of("interleave"),
                        OptionalInt.empty())
                : verdict.told(verdict.stage(), of + verdict.message(), verdict.by(), verdict.rank());
    }

    /** A verdict without its provenance. */
    private record Finding(
            Stage stage,
            String message,
            Optional<String> by,
            Optional<String> setting,
            Optional<String> value,
            Optional<String> needed) {

        static Finding of(Stage stage, String message) {
            return new Finding(stage, message, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }

        Finding by(String name) {
            return new Finding(stage, message, Optional.of(name), setting, value, needed);
        }

        Finding setting(String name, Object now, Object wanted) {
            return new Finding(
                    stage, message, by, Optional.of(name), Optional.of(now.toString()), Optional.of(wanted.toString()));
        }
    }

    public WhyNot verdict(Provenance provenance) {
        int place = result.candidates().place(number);
        boolean scored = place >= 0 && result.blend().ranked(place);
        int rank = scored ? rank(place, result.explored().order()) : 0;
        List<Search> searches =
                kinds.contains(id.kind()) && result.exclusions().reason(number).isEmpty() ? searches() : List.of();
        Finding finding = finding(place, scored, rank, searches);
        return new WhyNot(
                id,
                finding.stage,
                finding.message,
                finding.by,
                finding.setting,
                finding.value,
                finding.needed,
                scored ? OptionalDouble.of(result.ruling().scores()[place]) : OptionalDouble.empty(),
                finding.stage == Stage.RANK ? scoreAt(k) : OptionalDouble.empty(),
                rank > 0 ? OptionalInt.of(rank) : OptionalInt.empty(),
                told(searches),
                Map.of(),
                provenance);
    }

    private List<Search> told(List<Search> searches) {
        return searches.stream()
                .filter(search -> plan.columns().stream()
                        .noneMatch(column -> column instanceof ColumnPlan.Model
                                && column.name().equals(search.column())))
                .toList();
    }

    private static int rank(int place, int[] order) {
        for (int i = 0; i < order.length; i++) {
            if (order[i] == place) {
                return i + 1;
            }
        }
        return 0;
    }

    private OptionalDouble scoreAt(int rank) {
        int[] order = result.ruling().order();
        return rank > order.length
                ? OptionalDouble.empty()
                : OptionalDouble.of(result.ruling().scores()[order[rank - 1]]);
    }

    private Finding finding(int place, boolean scored, int rank, List<Search> searches) {
        if (!kinds.contains(id.kind())) {
            return Finding.of(Stage.KIND, "the request answers kinds %s, not %s".formatted(kinds, id.kind()));
        }
        Optional<String> excluded = result.exclusions().reason(number);
        if (excluded.isPresent()) {
            return excluded(excluded.get());
        }
        if (place < 0) {
            return searches.stream().allMatch(search -> search.missing().isPresent())
                    ? Finding.of(
                            Stage.EMBEDDING,
                            "no column can compare it: "
                                    + String.join(
                                            ", ",
                                            told(searches).stream()
                                                    .map(WhyNotAnalysis::missing)
                                                    .toList()))
                    : result.ranked().plan().equals(Ranked.ALL) ? notAmongAll() : notRetrieved(searches);
        }
        if (!scored) {
            return Finding.of(
                    Stage.BLEND,
                    "found, but no column that counts has a score of it: "
                            + result.table().reason(place));
        }
        if (rank == 0) {
            return removed(place);
        }
        int ruled = rank(place, result.ruling().order());
        String moved = ruled == rank ? "" : "; without exploration it has rank %s".formatted(ruled);
        if (rank <= k) {
            return Finding.of(Stage.ANSWERED, "answered at rank %s%s".formatted(rank, moved));
        }
        String below =
                "rank %s of %s, k is %s%s".formatted(rank, result.explored().order().length, k, moved);
        return ruled <= k
                ? Finding.of(Stage.CHANCE, below)
                        .by("explore")
                        .setting("explore.method", word(plan.exploration().method()), "none")
                : Finding.of(Stage.RANK, below).setting("k", k, rank);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All entities were looked through, or as many as the budget allowed. */
    private Finding notAmongAll() {
        return result.ranked().optimal()
                ? Finding.of(Stage.RANK, "of all entities it is not among the best %s".formatted(k))
                : Finding.of(Stage.RETRIEVAL, "the search through all entities ended before it was ruled out or found")
                        .by("optimal.budget-ms");
    }

    private static String missing(Search search) {
        return search.column() + " "
                + search.missing().map(WhyNotAnalysis::word).orElse("");
    }

    private Finding excluded(String by) {
        if (by.startsWith(Exclusions.RULE)) {
            String name = by.substring(Exclusions.RULE.length());
            return Finding.of(Stage.EXCLUDED, "rule %s leaves it out of the searches".formatted(name))
                    .by(name)
                    .setting("rules.%s.mode".formatted(name), "on", "off");
        }
        String message = switch (by) {
            case Exclusions.SOURCE -> "it is the source itself";
            case Exclusions.REQUEST -> "the request leaves it out";
            case Exclusions.WHERE -> "it does not meet the request's filter";
            default -> "the source's history %s holds it".formatted(by);
        };
        return Finding.of(Stage.EXCLUDED, message).by(by);
    }

    private Finding notRetrieved(List<Search> searches) {
        Finding finding = Finding.of(Stage.RETRIEVAL, "no search found it among its best");
        return new RetrievalRemedy(result, id, searches)
                .least()
                .map(change -> finding.by(change.column())
                        .setting(
                                "columns.%s.%s"
                                        .formatted(
                                                change.column(),
                                                change.setting().key()),
                                change.now(),
                                change.needed()))
                .orElse(finding);
    }

    private Finding removed(int place) {
        Effect effect = result.ruling().effects().stream()
                .filter(each -> each.candidate() == place && each.applied() && each.change() == Effect.Change.REMOVED)
                .findFirst()
                .orElseThrow();
        Rule rule = effect.rule();
        Finding finding = Finding.of(
                        Stage.RULE,
                        String.format(Locale.ROOT, "rule %s removed it from rank %.0f", rule.name(), effect.before()))
                .by(rule.name());
        return rule instanceof Rule.Cap cap
                ? finding.setting("rules.%s.max".formatted(rule.name()), cap.max(), result.placeInGroup(cap, effect))
                : finding.setting("rules.%s.mode".formatted(rule.name()), "on", "off");
    }

    /** By column; of one that a model computes, which searches nothing, none is told. */
    private List<Search> searches() {
        List<Search> searches = new ArrayList<>();
        for (int c = 0; c < plan.columns().size(); c++) {
            searches.add(search(c));
        }
        return searches;
    }

    private Search search(int c) {
        ColumnPlan column = plan.columns().get(c);
        String space = column.candidates().get(id.kind());
        if (column instanceof ColumnPlan.Model) {
            return missing(column, MissingReason.KIND_MISMATCH);
        }
        if (result.sources().get(c) instanceof QueryVector.Missing missing) {
            return missing(column, missing.reason());
        }
        Optional<SpaceVersion> version = Optional.ofNullable(space).flatMap(trace::space);
        if (version.isEmpty()) {
            return missing(column, space == null ? MissingReason.KIND_MISMATCH : MissingReason.UNKNOWN_VERSION);
        }
        OptionalInt ordinal = version.get().ordinal(id);
        if (ordinal.isEmpty()) {
            return missing(column, MissingReason.ofCandidate(version.get().isExpired(id)));
        }
        Optional<Neighbors> neighbors = result.retrieval().searches().stream()
                .filter(each -> each.column() == c && each.kind().equals(id.kind()))
                .map(Retrieval.Search::found)
                .findFirst();
        boolean found = neighbors.isPresent()
                && Arrays.stream(neighbors.get().ordinals()).anyMatch(each -> each == ordinal.getAsInt());
        int retrieved = neighbors.map(Neighbors::size).orElse(0);
        OptionalDouble cut = retrieved == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(neighbors.get().scores()[retrieved - 1]);
        Scores scores = scores(c, version.get());
        double own = scores.of(ordinal.getAsInt());
        return new Search(
                column.name(),
                Optional.empty(),
                OptionalDouble.of(own),
                cut,
                neighbors.isEmpty()
                        ? OptionalInt.empty()
                        : OptionalInt.of(rankOf(ordinal.getAsInt(), own, scores, version.get())),
                retrieved,
                found);
    }

    private static Search missing(ColumnPlan column, MissingReason reason) {
        return new Search(
                column.name(),
                Optional.of(reason),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalInt.empty(),
                0,
                false);
    }

    /** The index's measure of any row, exactly. */
    private interface Scores {

        double of(int ordinal);
    }

    private Scores scores(int c, SpaceVersion version) {
        return switch (result.sources().get(c)) {
            case QueryVector.Dense dense -> {
                float[] query = dense.byKind().get(id.kind());
                if (query == null || !(version.space() instanceof DenseSpace space)) {
                    throw new IllegalStateException("no source for kind " + id.kind());
                }
                float norm = VectorOps.norm(query);
                yield ordinal -> version.score(space.metric(), query, norm, ordinal);
            }
            case QueryVector.Sparse sparse -> {
                SparsePairs pairs = new SparsePairs(ranking(plan.columns().get(c)), sparse.vector());
                yield RowPairs.sparse(pairs, version)::score;
            }
            case QueryVector.Text text -> {
                TextQuery query = text.byKind().get(id.kind());
                if (query == null) {
                    throw new IllegalStateException("no words for kind " + id.kind());
                }
                yield RowPairs.text(query, version)::score;
            }
            case QueryVector.Computed computed -> throw new IllegalStateException("met before: " + computed);
            case QueryVector.Missing missing -> throw new IllegalStateException("met before: " + missing);
        };
    }

    /** The measure that a search through clusters ranks by; the source's norm is one factor for all. */
    private static Similarity ranking(ColumnPlan column) {
        if (!(column instanceof ColumnPlan.Sparse sparse)) {
            throw new IllegalStateException("not a sparse column: " + column.name());
        }
        return switch (sparse.ranking()) {
            case DOT -> Similarity.DOT;
            case COSINE, COSINE_NO_SOURCE_NORM -> Similarity.COSINE;
            case LOG_COSINE -> Similarity.LOG_COSINE;
            case EXP_SCALED_COSINE -> Similarity.EXP_SCALED_COSINE;
        };
    }

    private int rankOf(int ordinal, double own, Scores scores, SpaceVersion version) {
        OrdinalFilter filter = result.exclusions().filter(version);
        int rank = 1;
        for (int row = 0; row < version.ordinalsEnd(); row++) {
            if (row != ordinal && version.live(row) && filter.accepts(row)) {
                double score = scores.of(row);
                rank += score > own || (score == own && row < ordinal) ? 1 : 0;
            }
        }
        return rank;
    }
}
