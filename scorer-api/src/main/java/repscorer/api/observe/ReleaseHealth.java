package repscorer.api.observe;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;
import repscorer.api.engine.StoreDirectory;
import repscorer.api.warm.WarmUp;
import repscorer.core.embedding.Space;
import repscorer.core.failure.Finding;
import repscorer.core.signal.SignalStore;
import repscorer.core.store.RepresentationStore;
import repscorer.core.store.Snapshot;

/**
 * Up when the live release holds every required space and was asked once for every surface; else names those that are missing. Tells besides what the stores
 * found wrong with their files, why it takes no changes where it takes none, and which spaces' changes cannot be compacted.
 */
@Component("release")
final class ReleaseHealth implements HealthIndicator {

    private final RepresentationStore store;
    private final SignalStore signals;
    private final StoreDirectory directory;
    private final WarmUp warmUp;

    ReleaseHealth(RepresentationStore store, SignalStore signals, StoreDirectory directory, WarmUp warmUp) {
        this.store = store;
        this.signals = signals;
        this.directory = directory;
        this.warmUp = warmUp;
    }

    @Override
    public Health health() {
        Snapshot snapshot = store.current();
        List<String> missing = store.spaces().stream()
                .filter(Space::required)
                .map(Space::name)
                .filter(name -> snapshot.space(name).isEmpty())
                .toList();
        boolean warms = missing.isEmpty() && !warmUp.isDone();
        Health.Builder health = missing.isEmpty() && !warms ? Health.up() : Health.outOfService();
        if (warms) {
            health.withDetail("warmingUp", true);
        }
        if (!snapshot.release().isEmpty()) {
            health.withDetail("release", snapshot.release());
        }
        store.readOnly().ifPresent(reason -> health.withDetail("readOnly", directory.told(reason)));
        Map<String, String> uncompacted = new TreeMap<>(store.uncompacted());
        uncompacted.replaceAll((space, reason) -> directory.told(reason));
        if (!uncompacted.isEmpty()) {
            health.withDetail("uncompacted", uncompacted);
        }
        List<String> findings = Stream.concat(store.findings().stream(), signals.findings().stream())
                .map(Finding::toString)
                .map(directory::told)
                .toList();
        if (!findings.isEmpty()) {
            health.withDetail("findings", findings);
        }
        return missing.isEmpty()
                ? health.build()
                : health.withDetail("missing", missing).build();
    }
}
