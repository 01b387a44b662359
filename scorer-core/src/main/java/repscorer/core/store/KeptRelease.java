package repscorer.core.store;

import java.util.Map;
import java.util.Optional;

/**
 * A release that a store knows of.
 *
 * @param snapshot what answers requests, where the release is open in this process
 * @param streams what takes changes, by space; none where it is not open
 */
record KeptRelease(Manifest manifest, Optional<Snapshot> snapshot, Map<String, SpaceStream> streams) {

    KeptRelease {
        streams = Map.copyOf(streams);
    }

    /** One that nobody has asked for yet, or that was rejected. */
    static KeptRelease closed(Manifest manifest) {
        return new KeptRelease(manifest, Optional.empty(), Map.of());
    }

    static KeptRelease open(Manifest manifest, Snapshot snapshot, Map<String, SpaceStream> streams) {
        return new KeptRelease(manifest, Optional.of(snapshot), streams);
    }

    /** The same release with other changes, or on another base. */
    KeptRelease with(Manifest changedManifest, Snapshot changed) {
        return new KeptRelease(changedManifest, Optional.of(changed), streams);
    }

    String name() {
        return manifest.name();
    }
}
