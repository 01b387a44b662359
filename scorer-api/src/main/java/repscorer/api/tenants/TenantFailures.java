package repscorer.api.tenants;

import java.util.function.Supplier;
import repscorer.core.failure.ScorerException.NotFound;
import repscorer.core.failure.ScorerException.NotReady;

/** What a tenant is told where a surface's plan cannot answer: the same codes, without the names of the spaces behind it. */
public final class TenantFailures {

    private static final String NO_SOURCE = "no-embedding-source";
    private static final String NO_SPACE = "space-not-live";

    private TenantFailures() {}

    /** The answer, or a failure that names nothing of others. */
    public static <A> A told(World world, Supplier<A> answer) {
        if (world.tenant().isEmpty()) {
            return answer.get();
        }
        try {
            return answer.get();
        } catch (NotFound e) {
            throw e.code().equals(NO_SOURCE) ? new NotFound(NO_SOURCE, "there is no embedding of the source") : e;
        } catch (NotReady e) {
            throw e.code().equals(NO_SPACE)
                    ? new NotReady(NO_SPACE, "the live release lacks a space that the surface needs")
                    : e;
        }
    }
}
