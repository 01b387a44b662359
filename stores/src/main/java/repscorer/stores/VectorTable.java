package repscorer.stores;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import repscorer.client.ChangesClient;
import repscorer.client.ScorerClient;
import repscorer.wire.CandidateBody;
import repscorer.wire.ChangeAnswerBody;
import repscorer.wire.ChangeBody;
import repscorer.wire.ConditionBody;
import repscorer.wire.EmbeddingBody;
import repscorer.wire.EmbeddingsRequest;

/**
 * A dense space of a running service as a table: vectors in the service, each with its {@link Segment} in a {@link SegmentStore}. What was
 * put is durable, and found by every later search. Blocks the calling thread; safe for concurrent use.
 */
public final class VectorTable {

    /*
     * A segment is put before its vector and taken away after it, so that whatever is found has one. Where a call fails in between, a
     * segment stays that no search finds; the next put or removal of its id makes both agree again.
     *
     * Filters are of segments, which the service does not know. Where at most NAMED_MAX segments meet one, the service is told their
     * ids and searches among those alone. Where more do, candidates are taken page by page, those looked at before excluded, until
     * enough of them meet it: as many do, that comes soon.
     */

    private static final int LINES_MAX = 500;
    private static final int NAMED_MAX = 10_000;
    private static final int PAGE_FILTERED_MIN = 64;
    private static final int VECTORS_MAX = 1_000;

    private final ScorerClient scorer;
    private final ChangesClient changes;
    private final SegmentStore segments;
    private final Question question;
    private final int pageMax;
    private final int lookedAtMax;

    /** A vector and what it was made of. The table keeps neither array nor map. */
    @SuppressWarnings("ArrayRecordComponent") // rows are not compared by equals
    public record Row(String id, float[] vector, Segment segment) {}

    /**
     * A vector that was found.
     *
     * @param cosine with the one that was asked for, −1 to 1
     * @param segment none of a row that somebody else put into the space
     */
    public record Hit(String id, double cosine, Optional<Segment> segment) {}

    private VectorTable(Builder builder) {
        this.scorer = builder.scorer;
        this.changes = new ChangesClient(scorer);
        this.segments = builder.segments;
        this.pageMax = builder.pageMax;
        this.lookedAtMax = builder.lookedAtMax;
        this.question = Question.of(scorer, builder.space, builder.surface);
    }

    /**
     * @param scorer with a key that may write; closed by whoever made it
     * @param space of any dense model
     * @param surface that answers rows of the space by their cosine, and nothing beside
     */
    public static Builder builder(ScorerClient scorer, String space, String surface) {
        return new Builder(scorer, space, surface);
    }

    /** The space's name. */
    public String space() {
        return question.space();
    }

    /** Values of a vector. */
    public int dimension() {
        return question.dimension();
    }

    /**
     * Puts rows; one of an id that is there takes its place. Sent in requests of {@value #LINES_MAX}.
     *
     * @throws IllegalArgumentException for ids and vectors that the space cannot hold, before anything is put; and where the service
     *     refuses some rows, such as vectors of zeros: the others are put
     */
    public void put(List<Row> rows) {
        Map<String, Segment> kept = new LinkedHashMap<>();
        List<ChangeBody> lines = new ArrayList<>(rows.size());
        for (Row row : rows) {
            List<Float> vector = question.values(row.id(), row.vector());
            lines.add(ChangeBody.of(question.entity(row.id()), vector));
            kept.put(row.id(), row.segment());
        }
        segments.put(kept);
        change(lines);
    }

    /** Takes rows away; ids that are not there are passed over. */
    public void remove(Collection<String> ids) {
        List<String> each = List.copyOf(ids);
        change(each.stream().map(id -> ChangeBody.deletion(question.entity(id))).toList());
        segments.remove(each);
    }

    /** Takes the rows away whose segment meets a filter. What others put into the space stays. */
    public void removeIf(Predicate<Segment> filter) {
        remove(segments.ids(filter, Integer.MAX_VALUE));
    }

    private void change(List<ChangeBody> lines) {
        long refused = 0;
        @Nullable ChangeAnswerBody first = null;
        for (int from = 0; from < lines.size(); from += LINES_MAX) {
            List<ChangeBody> part = lines.subList(from, Math.min(lines.size(), from + LINES_MAX));
            ChangesClient.Changed changed = changes.change(question.space(), part);
            refused += changed.summary().refused();
            for (ChangeAnswerBody answer : changed.lines()) {
                if (first == null && answer.status().equals("REFUSED")) {
                    first = answer;
                }
            }
            if (changed.summary().stopped() != null) {
                throw new IllegalStateException("space %s took %s of %s rows: %s"
                        .formatted(
                                question.space(),
                                from + changed.summary().accepted(),
                                lines.size(),
                                changed.summary().reason()));
            }
        }
        if (first != null) {
            throw new IllegalArgumentException("space %s refused %s of %s rows; the first: %s"
                    .formatted(question.space(), refused, lines.size(), first.message()));
        }
    }

    /**
     * The nearest rows by their cosine, best first; no more than {@code k}, fewer where fewer are there.
     *
     * @param cosineMin the least that is answered
     * @param filter that a row's segment must meet; rows without one meet none
     */
    public List<Hit> search(float[] vector, int k, double cosineMin, Optional<Predicate<Segment>> filter) {
        if (filter.isEmpty()) {
            return paged(vector, k, cosineMin, filter, Optional.empty());
        }
        List<String> named = segments.ids(filter.get(), NAMED_MAX + 1);
        if (named.isEmpty()) {
            return List.of();
        }
        return paged(
                vector,
                k,
                cosineMin,
                filter,
                named.size() > NAMED_MAX
                        ? Optional.empty()
                        : Optional.of(ConditionBody.ids(
                                named.stream().map(question::entity).toList())));
    }

    private List<Hit> paged(
            float[] vector,
            int k,
            double cosineMin,
            Optional<Predicate<Segment>> filter,
            Optional<ConditionBody> among) {
        List<Hit> hits = new ArrayList<>();
        List<String> seen = new ArrayList<>();
        int page = among.isPresent() || filter.isEmpty() ? k : Math.max(2 * k, PAGE_FILTERED_MIN);
        boolean more = k > 0;
        while (more) {
            page = Math.min(page, pageMax);
            List<CandidateBody> candidates = scorer.candidates(question.request(vector, page, seen, among))
                    .candidates();
            Map<String, Segment> known = segments.get(
                    candidates.stream().map(each -> question.id(each.id())).toList());
            boolean below = false;
            for (CandidateBody candidate : candidates) {
                seen.add(candidate.id());
                below |= candidate.score() < cosineMin;
                String id = question.id(candidate.id());
                Optional<Segment> segment = Optional.ofNullable(known.get(id));
                if (candidate.score() >= cosineMin
                        && (filter.isEmpty() || segment.filter(filter.get()).isPresent())) {
                    hits.add(new Hit(id, candidate.score(), segment));
                }
            }
            more = hits.size() < k && !below && candidates.size() == page && seen.size() < lookedAtMax;
            page = 2 * page;
        }
        return hits.stream()
                .sorted(Comparator.comparingDouble(Hit::cosine).reversed())
                .limit(k)
                .toList();
    }

    /** The vectors of ids, as they were put; those that are not there are left out. Needs a key that may read vectors. */
    public Map<String, float[]> vectors(Collection<String> ids) {
        List<String> entities = ids.stream().map(question::entity).toList();
        Map<String, float[]> vectors = new HashMap<>();
        for (int from = 0; from < entities.size(); from += VECTORS_MAX) {
            List<String> part = entities.subList(from, Math.min(entities.size(), from + VECTORS_MAX));
            for (EmbeddingBody row : scorer.embeddings(question.space(), new EmbeddingsRequest(part, null))
                    .embeddings()) {
                if (row.vector() != null) {
                    vectors.put(question.id(row.id()), row.vector());
                }
            }
        }
        return vectors;
    }

    /** The settings of a table. */
    public static final class Builder {

        private final ScorerClient scorer;
        private final String space;
        private final String surface;
        private SegmentStore segments = new MemorySegments();
        private int pageMax = 1_000;
        private int lookedAtMax = 100_000;

        private Builder(ScorerClient scorer, String space, String surface) {
            this.scorer = scorer;
            this.space = space;
            this.surface = surface;
        }

        /** Where segments are; {@link MemorySegments}. */
        public Builder segments(SegmentStore store) {
            segments = store;
            return this;
        }

        /** How many rows one request asks for at most, 1 to 1000, within the service's {@code limits.k-max}; 1000. */
        public Builder pageMax(int rows) {
            pageMax = bounded("pageMax", rows, 1_000);
            return this;
        }

        /** After how many rows a search gives up that looks for ones which meet a filter, 1 to 100,000; 100,000. */
        public Builder lookedAtMax(int rows) {
            lookedAtMax = bounded("lookedAtMax", rows, 100_000);
            return this;
        }

        private static int bounded(String name, int value, int max) {
            if (value < 1 || value > max) {
                throw new IllegalArgumentException("%s must be 1 to %s: %s".formatted(name, max, value));
            }
            return value;
        }

        /**
         * Asks the service what space and surface are.
         *
         * @throws IllegalArgumentException where they are not there, or the surface does more than answer the space's rows by cosine
         */
        public VectorTable build() {
            return new VectorTable(this);
        }
    }
}
