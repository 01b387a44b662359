package repscorer.core.pair;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import repscorer.core.blend.Column;
import repscorer.core.blend.ColumnStatistics;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.core.model.RankModel;
import repscorer.core.plan.ColumnPlan;
import repscorer.core.plan.ColumnPlan.Translation;
import repscorer.core.request.RequestTrace;
import repscorer.core.similarity.DensePairs;
import repscorer.core.similarity.Similarity;
import repscorer.core.similarity.SparsePairs;
import repscorer.core.store.SpaceVersion;
import repscorer.core.text.TextCorpus;
import repscorer.core.text.TextQuery;
import repscorer.vector.VectorOps;

/**
 * The scale of a column that no list of candidates moves: the statistics of its similarity over pairs of sampled rows.
 *
 * <p>Of each space of sources {@value #SOURCES} rows are drawn, of each space of candidates {@value #CANDIDATES}, and every
 * source is compared with every candidate but itself: the first time a release is asked O(rows) to draw and 65,536 similarities a
 * pair of spaces, some milliseconds for dense columns and a tenth of a second for sparse ones; after that nothing. What was
 * computed is kept with the release, a few dozen bytes a column. Safe for concurrent use.
 */
final class FixedScale {

    /*
     * Rows are drawn by a hash of their ids: those with the least. So the sample is the same on every machine, for every number
     * of threads, after a restart, and in whatever order a file holds its rows; and a compaction changes it by those few rows
     * that came or went among the least. Rows are read from the bases: what is streamed in counts with the next base.
     */

    static final int SOURCES = 128;
    static final int CANDIDATES = 512;

    /** Sources and candidates of one space are to be other rows. */
    private static final int SALT_OF_SOURCES = 1;

    private static final int SALT_OF_CANDIDATES = 2;

    private FixedScale() {}

    /** What a scale depends on besides the rows. */
    private record Key(
            Similarity similarity,
            Map<EntityKind, String> sources,
            Map<EntityKind, String> candidates,
            List<Translation> translations) {}

    /** The scale of a column in the release of the trace. */
    static ColumnStatistics of(ColumnPlan column, RequestTrace trace) {
        if (column instanceof ColumnPlan.Model model) {
            RankModel.Spread spread = model.model().spread();
            return new ColumnStatistics(1, 0, 1, spread.mean(), spread.deviation(), 1, 0);
        }
        List<Translation> translations = column instanceof ColumnPlan.Dense dense ? dense.translations() : List.of();
        Key key = new Key(column.similarity(), column.sources(), column.candidates(), translations);
        List<String> checksums = new ArrayList<>();
        for (Map<EntityKind, String> side : List.of(key.sources, key.candidates)) {
            new TreeMap<>(side).values().forEach(space -> checksums.add(checksum(space, trace)));
        }
        translations.forEach(translation -> checksums.add(checksum(translation.space(), trace)));
        return trace.facts().get(key, checksums, () -> measured(key, trace));
    }

    private static String checksum(String space, RequestTrace trace) {
        return trace.space(space).map(version -> version.file().checksum()).orElse("");
    }

    private static ColumnStatistics measured(Key key, RequestTrace trace) {
        double[] values = new double[0];
        for (Map.Entry<EntityKind, String> source : new TreeMap<>(key.sources).entrySet()) {
            for (Map.Entry<EntityKind, String> candidate : new TreeMap<>(key.candidates).entrySet()) {
                Optional<SpaceVersion> from = trace.space(source.getValue());
                Optional<SpaceVersion> to = trace.space(candidate.getValue());
                if (from.isPresent() && to.isPresent()) {
                    Optional<float[]> translation = translation(key, source.getKey(), candidate.getKey(), trace);
                    double[] more = pairs(key, from.get(), to.get(), translation, trace);
                    int before = values.length;
                    values = Arrays.copyOf(values, before + more.length);
                    System.arraycopy(more, 0, values, before, more.length);
                }
            }
        }
        return ColumnStatistics.of(new Column(1, key.similarity.higherIsCloser(), values));
    }

    private static Optional<float[]> translation(Key key, EntityKind from, EntityKind to, RequestTrace trace) {
        for (Translation translation : key.translations) {
            if (translation.from().equals(from) && translation.to().equals(to)) {
                EmbeddingFile relations =
                        trace.space(translation.space()).map(SpaceVersion::file).orElse(null);
                int row = relations == null
                        ? -1
                        : relations.ids().find(EntityId.of(EntityKind.RELATION, translation.relation()));
                if (relations != null && row >= 0) {
                    return Optional.of(relations.denseRows().row(row));
                }
            }
        }
        return Optional.empty();
    }

    /** The similarities of every sampled source with every sampled candidate; NaN for an entity with itself. */
    private static double[] pairs(
            Key key, SpaceVersion source, SpaceVersion candidate, Optional<float[]> translation, RequestTrace trace) {
        EmbeddingFile from = source.file();
        EmbeddingFile to = candidate.file();
        if (from.form() == EmbeddingFile.Form.SPARSE && !from.columnsOrigin().equals(to.columnsOrigin())) {
            return new double[0]; // never compared
        }
        TextCorpus corpus = from.form() == EmbeddingFile.Form.TEXT ? corpus(key, trace) : TextCorpus.of(List.of());
        int[] sources = sample(from, SALT_OF_SOURCES, SOURCES);
        int[] candidates = sample(to, SALT_OF_CANDIDATES, CANDIDATES);
        double[] values = new double[sources.length * candidates.length];
        double[] scores = new double[candidates.length];
        for (int s = 0; s < sources.length; s++) {
            if (from.form() == EmbeddingFile.Form.TEXT) {
                TextQuery query =
                        corpus.query(candidate.baseTexts(), from.texts().text(sources[s]));
                candidate.baseTexts().scores(query, candidates, candidates.length, scores);
            } else {
                score(key.similarity, from, sources[s], translation, to, candidates, scores);
            }
            int itself = to.ids().find(from.ids().id(sources[s]));
            for (int c = 0; c < candidates.length; c++) {
                values[s * candidates.length + c] = candidates[c] == itself ? Double.NaN : scores[c];
            }
        }
        return values;
    }

    private static TextCorpus corpus(Key key, RequestTrace trace) {
        return TextCorpus.of(key.candidates.values().stream()
                .flatMap(space -> trace.space(space).stream())
                .map(SpaceVersion::baseTexts)
                .toList());
    }

    private static void score(
            Similarity similarity,
            EmbeddingFile from,
            int source,
            Optional<float[]> translation,
            EmbeddingFile to,
            int[] candidates,
            double[] into) {
        if (from.form() == EmbeddingFile.Form.SPARSE) {
            SparsePairs pairs = new SparsePairs(similarity, from.sparseRows().row(source));
            pairs.score(to.sparseRows(), candidates, candidates.length, into);
            return;
        }
        float[] vector = from.denseRows().row(source);
        for (int i = 0; i < vector.length && translation.isPresent(); i++) {
            vector[i] += translation.get()[i];
        }
        if (similarity == Similarity.COSINE && VectorOps.norm(vector) == 0) {
            Arrays.fill(into, Double.NaN);
        } else {
            new DensePairs(similarity, vector).score(to.denseRows(), candidates, candidates.length, into);
        }
    }

    /** Which rows of a file were sampled. */
    private record Sample(int salt) {}

    /** The rows whose ids have the least hashes, in the order of those; all rows of a smaller file. O(rows) once a file. */
    private static int[] sample(EmbeddingFile file, int salt, int size) {
        return file.facts().get(new Sample(salt), () -> {
            long[] hashes = new long[file.count()];
            for (int row = 0; row < hashes.length; row++) {
                hashes[row] = hash(file.ids().id(row).toString(), salt);
            }
            long[] sorted = hashes.clone();
            Arrays.sort(sorted);
            long last = sorted.length > size ? sorted[size - 1] : Long.MAX_VALUE;
            List<Integer> rows = new ArrayList<>();
            for (int row = 0; row < hashes.length; row++) {
                if (hashes[row] <= last) {
                    rows.add(row);
                }
            }
            rows.sort((a, b) -> Long.compare(hashes[a], hashes[b]));
            return rows.stream().limit(size).mapToInt(Integer::intValue).toArray();
        });
    }

    /* FNV-1a over the text, its bits mixed so that ids that count up land anywhere. */
    private static long hash(String text, int salt) {
        long hash = 0xcbf29ce484222325L ^ salt;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        return hash ^ (hash >>> 31);
    }
}
