package repscorer.client;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import repscorer.client.Calls.Call;
import repscorer.json.WireJson;
import repscorer.resilience.Outcome;
import repscorer.resilience.Repeat;
import repscorer.resilience.UrlPath;
import repscorer.wire.EmbeddingsRequest;

/**
 * Reads many dense embeddings by their codes: a tenth of the bytes of numbers in JSON, or fewer. The codebook of a space is asked for once,
 * and again when an answer names another. Throws as {@link ScorerClient}. Safe for concurrent use.
 */
public final class CodedEmbeddings {

    private final ScorerClient scorer;

    /** The last one of each space. */
    private final Map<String, Codebook> codebooks = new ConcurrentHashMap<>();

    /** @param scorer whose connection it has; closed by whoever made it */
    public CodedEmbeddings(ScorerClient scorer) {
        this.scorer = scorer;
    }

    /** The codes of rows, in the order asked for, to be decoded when they are used, or kept as they are. Immutable. */
    public static final class CodedRows {

        private final String release;
        private final String version;
        private final Codebook codebook;
        private final byte[] content;
        private final int count;
        private final int codesAt;

        CodedRows(String release, String version, Codebook codebook, byte[] content) {
            ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
            this.release = release;
            this.version = version;
            this.codebook = codebook;
            this.content = content;
            this.count = bytes.getInt();
            this.codesAt = 2 * Integer.BYTES + (count + 3 & -4);
            if (bytes.getInt() != codebook.rowBytes()
                    || content.length != codesAt + (long) count * codebook.rowBytes()) {
                throw new IllegalArgumentException(
                        "codes of %s rows, %s bytes, do not fit their codebook of %s bytes a row"
                                .formatted(count, content.length, codebook.rowBytes()));
            }
        }

        public String release() {
            return release;
        }

        public String version() {
            return version;
        }

        public Codebook codebook() {
            return codebook;
        }

        /** How many ids were asked for. */
        public int count() {
            return count;
        }

        /** Whether there is a row for the id at a place. */
        public boolean found(int place) {
            return content[2 * Integer.BYTES + place] == 0;
        }

        /** A row decoded; empty where there is none for the id at the place. */
        public Optional<float[]> row(int place) {
            if (!found(place)) {
                return Optional.empty();
            }
            float[] row = new float[codebook.dimension()];
            codebook.decode(content, codesAt + place * codebook.rowBytes(), 1, row, 0);
            return Optional.of(row);
        }

        /** All rows decoded, count × dimension; what stands for an id without a row means nothing. */
        public float[] rows() {
            float[] rows = new float[Math.multiplyExact(count, codebook.dimension())];
            codebook.decode(content, codesAt, count, rows, 0);
            return rows;
        }
    }

    /** The codes of several embeddings of one space. */
    public CodedRows read(String space, List<String> ids) {
        return read(space, new EmbeddingsRequest(ids, null));
    }

    /** The same of a release that the request names. */
    public CodedRows read(String space, EmbeddingsRequest request) {
        HttpRequest post = scorer.headers
                .question(scorer.url("/v1/embeddings").segment(space))
                .setHeader("Accept", "application/vnd.repscorer.codes, application/problem+json")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(WireJson.write(request)))
                .build();
        Outcome.Answered codes = answered(post);
        String release = header(codes, "X-Release");
        Codebook codebook = codebook(space, release, header(codes, "X-Codebook"));
        try {
            return new CodedRows(release, header(codes, "X-Version"), codebook, codes.body());
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            throw new ScorerClientException.Broken(e.toString(), e);
        }
    }

    private Codebook codebook(String space, String release, String checksum) {
        Codebook known = codebooks.get(space);
        if (known != null && known.checksum().equals(checksum)) {
            return known;
        }
        UrlPath url = scorer.url("/v1/spaces").segment(space).path("/codebook").query("release", release);
        HttpRequest get = scorer.headers
                .question(url)
                .setHeader("Accept", "application/octet-stream, application/problem+json")
                .GET()
                .build();
        Outcome.Answered answered = answered(get);
        try {
            Codebook codebook = new Codebook(answered.body());
            if (!codebook.checksum().equals(checksum)) {
                throw new ScorerClientException.Broken(
                        "the codebook of %s is %s, and codes were made by %s"
                                .formatted(space, codebook.checksum(), checksum),
                        null);
            }
            codebooks.put(space, codebook);
            return codebook;
        } catch (IllegalArgumentException e) {
            throw new ScorerClientException.Broken(e.toString(), e);
        }
    }

    private Outcome.Answered answered(HttpRequest request) {
        return scorer.calls.answered(new Call(request, Repeat.ON_LOST_CONNECTION, scorer.settings.readTimeout));
    }

    private static String header(Outcome.Answered answered, String name) {
        return answered.headers()
                .firstValue(name)
                .orElseThrow(() -> new ScorerClientException.Broken("an answer of codes names no " + name, null));
    }
}
