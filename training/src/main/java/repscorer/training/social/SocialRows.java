package repscorer.training.social;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import repscorer.training.graph.Csr;
import repscorer.training.graph.EntityIndex;
import repscorer.training.graph.Relation;
import repscorer.training.plan.SocialPlan;
import repscorer.vector.SparseVector;

/**
 * Who follows whom, as sparse rows whose columns are the entities themselves. The inner product of one's {@link #followees} and
 * another's {@link #followers} counts whom both know; of {@link #own} and another's followees, whether the other follows one. Immutable,
 * safe for concurrent use.
 */
public final class SocialRows {

    /*
     * A follower f counts 1 / ln(1 + followees of f): one who follows everybody says little (Adamic and Adar, Friends and neighbors on
     * the Web, 2003).
     */

    private static final double LN_2 = Math.log(2);

    private final EntityIndex entities;
    private final Csr followees;
    private final Csr followers;
    private final int followersMax;

    private SocialRows(EntityIndex entities, Csr followees, Csr followers, int followersMax) {
        this.entities = entities;
        this.followees = followees;
        this.followers = followers;
        this.followersMax = followersMax;
    }

    /** Of a relation within one kind. O(edges). */
    public static SocialRows of(Relation follow, SocialPlan plan) {
        return new SocialRows(follow.headEntities(), follow.byHead(), follow.byTail(), plan.followersMax());
    }

    /** The columns and the rows, in their order. */
    public EntityIndex entities() {
        return entities;
    }

    /** The entity alone. */
    public SparseVector own(int entity) {
        return new SparseVector(new int[] {entity}, new float[] {1});
    }

    /** Whom an entity follows, each 1. */
    public SparseVector followees(int entity) {
        int[] columns = columns(followees, entity);
        float[] weights = new float[columns.length];
        Arrays.fill(weights, 1);
        return new SparseVector(columns, weights);
    }

    /** Who follows an entity, by what each says. */
    public SparseVector followers(int entity) {
        int[] columns = columns(followers, entity);
        if (columns.length > followersMax) {
            columns = IntStream.of(columns)
                    .boxed()
                    .sorted(Comparator.<Integer>comparingInt(followees::size).thenComparing(Comparator.naturalOrder()))
                    .limit(followersMax)
                    .mapToInt(Integer::intValue)
                    .sorted()
                    .toArray();
        }
        float[] weights = new float[columns.length];
        for (int i = 0; i < columns.length; i++) {
            weights[i] = (float) (1 / Math.log(1.0 + followees.size(columns[i])));
        }
        return new SparseVector(columns, weights);
    }

    /**
     * How many follow an entity in each community: ln(1 + followers whose greatest interest it is) / ln 2.
     *
     * @param interests of the entities, over communities
     */
    public SparseVector popularity(int entity, List<SparseVector> interests) {
        int[] communities = IntStream.of(columns(followers, entity))
                .map(follower -> interests.get(follower).heaviest())
                .filter(community -> community >= 0)
                .sorted()
                .toArray();
        int[] columns = IntStream.of(communities).distinct().toArray();
        float[] weights = new float[columns.length];
        for (int i = 0, at = 0; i < columns.length; i++) {
            int from = at;
            while (at < communities.length && communities[at] == columns[i]) {
                at++;
            }
            weights[i] = (float) (Math.log(1.0 + at - from) / LN_2);
        }
        return new SparseVector(columns, weights);
    }

    private static int[] columns(Csr rows, int row) {
        return Arrays.copyOfRange(rows.columns(), rows.offsets()[row], rows.offsets()[row + 1]);
    }
}
