package repscorer.benchmarks.ads;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import repscorer.core.embedding.EmbeddingFile;
import repscorer.core.entity.EntityId;
import repscorer.core.similarity.Similarity;
import repscorer.core.similarity.SparsePairs;
import repscorer.vector.SparseVector;

/** What a release says of a person and an ad, by the names that models read it under. For one thread. */
final class AdFeatures {

    static final String TWHIN = "column:twhin";
    static final String ADVERTISER = "column:twhin-advertiser";
    static final String SIMCLUSTERS = "column:simclusters";
    static final String POPULARITY = "popularity:history-click";
    static final String CATEGORY = "attribute:category=";
    static final String OWNER = "attribute:advertiser=";

    /** A value of the user's vector. */
    static final String USER = "column:user-";

    private final Path release;
    private final Map<String, EmbeddingFile> files = new HashMap<>();
    private final Map<EntityId, Integer> clicks = new HashMap<>();
    private final float[] click;

    AdFeatures(Path release) {
        this.release = release;
        EmbeddingFile history = file("history-click");
        for (int row = 0; row < history.count(); row++) {
            for (int column : history.sparseRows().row(row).columns()) {
                clicks.merge(history.columns().orElseThrow().id(column), 1, Integer::sum);
            }
        }
        click = dense("twhin-relation", EntityId.parse("relation:click"));
    }

    private EmbeddingFile file(String space) {
        return files.computeIfAbsent(space, name -> EmbeddingFile.open(release.resolve(name + EmbeddingFile.SUFFIX)));
    }

    /** NaN where it is not known. */
    double value(String name, EntityId user, EntityId ad) {
        if (name.startsWith(USER)) {
            return value(dense("twhin-user", user), Integer.parseInt(name.substring(USER.length())));
        }
        if (name.startsWith(CATEGORY)) {
            return attribute("ad-category", ad).equals(name.substring(CATEGORY.length())) ? 1 : 0;
        }
        if (name.startsWith(OWNER)) {
            return attribute("ad-advertiser", ad).equals(name.substring(OWNER.length())) ? 1 : 0;
        }
        return switch (name) {
            case POPULARITY -> clicks.getOrDefault(ad, 0);
            case TWHIN -> cosine(user, dense("twhin-ad", ad));
            case ADVERTISER -> cosine(user, dense("twhin-advertiser", EntityId.parse(attribute("ad-advertiser", ad))));
            case SIMCLUSTERS -> clusters(user, ad);
            default -> throw new IllegalArgumentException("no feature of ads: " + name);
        };
    }

    private static double value(float[] vector, int at) {
        return vector.length == 0 ? Double.NaN : vector[at];
    }

    private String attribute(String space, EntityId ad) {
        SparseVector row = sparse(space, ad);
        return row.isEmpty()
                ? ""
                : file(space).columns().orElseThrow().id(row.heaviest()).toString();
    }

    /** As the surface compares them: the relation's vector is added to the user's. */
    private double cosine(EntityId user, float[] other) {
        float[] from = dense("twhin-user", user);
        if (from.length == 0 || other.length == 0) {
            return Double.NaN;
        }
        double dot = 0;
        double a = 0;
        double b = 0;
        for (int i = 0; i < from.length; i++) {
            double moved = from[i] + (double) click[i];
            dot += moved * other[i];
            a += moved * moved;
            b += other[i] * (double) other[i];
        }
        return dot / Math.sqrt(a * b);
    }

    private double clusters(EntityId user, EntityId ad) {
        SparseVector from = sparse("simclusters-interest", user);
        SparseVector to = sparse("simclusters-ad", ad);
        return from.isEmpty() || to.isEmpty()
                ? Double.NaN
                : new SparsePairs(Similarity.EXP_SCALED_COSINE, from).score(to);
    }

    /** Of length 0 where there is none. */
    private float[] dense(String space, EntityId id) {
        OptionalInt row = file(space).ids().ordinal(id);
        return row.isEmpty() ? new float[0] : file(space).denseRows().row(row.getAsInt());
    }

    private SparseVector sparse(String space, EntityId id) {
        OptionalInt row = file(space).ids().ordinal(id);
        return row.isEmpty() ? SparseVector.EMPTY : file(space).sparseRows().row(row.getAsInt());
    }
}
