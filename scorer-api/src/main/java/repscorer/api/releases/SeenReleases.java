package repscorer.api.releases;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import repscorer.api.tenants.World;
import repscorer.core.store.Release;
import repscorer.wire.ReleaseBody;

/** What a tenant sees of releases: those that can be read and have a space of its own, and of them no more than such spaces. */
final class SeenReleases {

    private static final String OF = " of ";

    private SeenReleases() {}

    static boolean sees(World world, Release release) {
        return world.tenant().isEmpty()
                || ((release.state() == Release.State.LIVE || release.state() == Release.State.KEPT)
                        && !world.own(release.versions()).isEmpty());
    }

    static ReleaseBody of(World world, ReleaseBody body) {
        if (world.tenant().isEmpty()) {
            return body;
        }
        Map<String, Double> checks = new TreeMap<>(body.checks());
        checks.keySet().removeIf(check -> !world.seesSpace(check.substring(check.lastIndexOf(OF) + OF.length())));
        @Nullable Map<String, String> carried = body.carried() == null ? null : world.own(body.carried());
        return new ReleaseBody(
                body.release(),
                body.state(),
                body.publishedAt(),
                world.own(body.versions()),
                checks,
                null,
                carried == null || carried.isEmpty() ? null : carried,
                body.pinned(),
                null,
                null);
    }
}
