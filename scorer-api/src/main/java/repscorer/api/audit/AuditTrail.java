package repscorer.api.audit;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import repscorer.api.config.ConfigFiles;
import repscorer.api.engine.LiveConfig;
import repscorer.api.engine.Serving;
import repscorer.api.engine.StoreDirectory;
import repscorer.core.erasure.ErasedSubjects;
import repscorer.core.failure.ScorerException.Storage;
import repscorer.core.store.RepresentationStore;

/**
 * Notes in the audit log what is done to this service. What cannot be noted at once is noted before anything else is done. Safe for
 * concurrent use.
 */
@Component
public final class AuditTrail {

    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);

    private final AuditLog log;
    private final RepresentationStore store;
    private final LiveConfig live;
    private final ErasedSubjects erased;
    private final Queue<Noted> untold = new ArrayDeque<>();

    private record Noted(
            String who,
            String from,
            String what,
            int status,
            SortedMap<String, String> before,
            SortedMap<String, String> after) {}

    AuditTrail(StoreDirectory directory, RepresentationStore store, LiveConfig live, ErasedSubjects erased) {
        this.erased = erased;
        this.log = AuditLog.of(directory.data());
        this.store = store;
        this.live = live;
    }

    AuditLog log() {
        return log;
    }

    /** What can be changed, by name: releases and their states, files and experiments by digest, switches and stops. */
    public SortedMap<String, String> state() {
        SortedMap<String, String> state = new TreeMap<>();
        store.releases()
                .forEach(release ->
                        state.put("release " + release.name(), release.state() + (release.pinned() ? ", pinned" : "")));
        erased.list().forEach(each -> state.put("erasure " + each.receipt(), "asked for"));
        Serving serving = live.serving();
        serving.files().forEach((path, digest) -> {
            if (!path.startsWith(ConfigFiles.API)) { // told below by what it says
                state.put("file " + path, digest);
            }
        });
        serving.documents().forEach((name, document) -> state.put("experiment " + name, document.digest()));
        serving.config()
                .switches()
                .shares()
                .forEach((part, share) ->
                        state.put("switch %s %s".formatted(part.kind(), part.name()), String.valueOf(share)));
        serving.config()
                .stopped()
                .forEach((experiment, variants) -> variants.forEach(
                        variant -> state.put("variant %s of %s".formatted(variant, experiment), "stopped")));
        live.overlay().canary().ifPresent(canary -> state.put("canary", canary.toText()));
        return state;
    }

    /**
     * Notes what was done.
     *
     * @param before the {@link #state} when it began
     */
    public void note(String who, String from, String what, int status, SortedMap<String, String> before) {
        SortedMap<String, String> after = state();
        SortedMap<String, String> was = new TreeMap<>(before);
        SortedMap<String, String> is = new TreeMap<>(after);
        was.entrySet().removeAll(after.entrySet());
        is.entrySet().removeAll(before.entrySet());
        synchronized (untold) {
            untold.add(new Noted(who, from, what, status, was, is));
            try {
                tell();
            } catch (IOException e) {
                LOG.error("the audit log cannot be written; nothing is changed until it can: {}", e.toString());
            }
        }
    }

    /** @throws Storage where what was done before is not noted yet, and cannot be */
    void check() {
        synchronized (untold) {
            try {
                tell();
            } catch (IOException e) {
                throw new Storage(
                        Storage.Reason.FAILED,
                        false,
                        "nothing is changed while the audit log cannot be written: %s".formatted(e.getMessage()),
                        e);
            }
        }
    }

    private void tell() throws IOException {
        for (Noted next = untold.peek(); next != null; next = untold.peek()) {
            log.append(next.who, next.from, next.what, next.status, next.before, next.after);
            untold.remove();
        }
    }
}
