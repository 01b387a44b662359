package repscorer.api.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.springframework.stereotype.Component;
import repscorer.api.engine.UpstreamLink;
import repscorer.core.embedding.Space;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.Snapshot;
import repscorer.core.store.SpaceVersion;
import repscorer.upstream.UpstreamStats;

/**
 * Shows what is live: {@code repscorer.release.info} is 1 for the live release, {@code repscorer.space.count} the rows of
 * each space in it. What the upstream did is beside it.
 */
@Component
public final class ReleaseMetrics {

    private final RepresentationStore store;
    private final MultiGauge info;

    ReleaseMetrics(MeterRegistry registry, RepresentationStore store, UpstreamLink upstream) {
        this.store = store;
        this.info = MultiGauge.builder("repscorer.release.info")
                .description("1 for the live release")
                .register(registry);
        for (Space space : store.spaces()) {
            Gauge.builder("repscorer.space.count", store, s -> count(s.current(), space.name()))
                    .description("Rows of a space in the live release")
                    .tag("space", space.name())
                    .register(registry);
            if (space.policy().aging().timeToLive().isPresent()) {
                Gauge.builder("repscorer.space.expired", store, s -> expired(s.current(), space.name()))
                        .description("Rows of a space's base that are expired and wait for its compaction")
                        .tag("space", space.name())
                        .register(registry);
            }
        }
        if (upstream.stats().isPresent()) {
            upstream(registry, upstream, "hits", UpstreamStats::hits);
            upstream(registry, upstream, "misses", UpstreamStats::misses);
            upstream(registry, upstream, "fetches", UpstreamStats::fetches);
            upstream(registry, upstream, "entries", UpstreamStats::entries);
        }
        changed();
    }

    /** Takes note that another release may be live. */
    public void changed() {
        String release = store.current().release();
        info.register(release.isEmpty() ? List.of() : List.of(MultiGauge.Row.of(Tags.of("release", release), 1)), true);
    }

    private static double count(Snapshot snapshot, String space) {
        return snapshot.space(space).map(SpaceVersion::count).orElse(0);
    }

    private static double expired(Snapshot snapshot, String space) {
        return snapshot.space(space)
                .map(version -> version.at(System.currentTimeMillis()).expired())
                .orElse(0);
    }

    private static void upstream(
            MeterRegistry registry, UpstreamLink link, String name, ToDoubleFunction<UpstreamStats> value) {
        Gauge.builder(
                        "repscorer.upstream." + name,
                        link,
                        l -> l.stats().map(stats -> value.applyAsDouble(stats)).orElse(0.0))
                .description("What the upstream client counted so far")
                .register(registry);
    }
}
