package repscorer.api.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import repscorer.core.entity.EntityId;
import repscorer.core.erasure.ErasedSubjects;
import repscorer.core.request.ComputePermits;
import repscorer.core.signal.Signal;
import repscorer.core.signal.SignalSource;
import repscorer.core.signal.SignalStore;
import repscorer.core.signal.SignalTypes;
import repscorer.upstream.SignalsAnswer;
import repscorer.upstream.UpstreamSignals;
import repscorer.wire.SignalBody;

/** Where scorer-core reads signals: the upstream where one is configured, else this service's own store. */
public final class SignalLink implements SignalSource, AutoCloseable {

    private final SignalStore store;
    private final Optional<UpstreamSignals> upstream;
    private final ComputePermits permits;
    private final ErasedSubjects erased;

    SignalLink(SignalStore store, Optional<UpstreamSignals> upstream, ComputePermits permits, ErasedSubjects erased) {
        this.erased = erased;
        this.store = store;
        this.upstream = upstream;
        this.permits = permits;
    }

    /** The same, where the own store is read by these types whatever is declared meanwhile. */
    SignalSource by(SignalTypes types) {
        return upstream.isEmpty() ? store.by(types) : this;
    }

    @Override
    public Answer read(EntityId user, Set<String> types, Duration budget) {
        return upstream.isEmpty()
                ? store.read(user, types, budget)
                : switch (permits.waiting(() -> upstream.get().fetch(user.toString(), types, budget))) {
                    case SignalsAnswer.Found found -> signals(user, found.signals());
                    case SignalsAnswer.Unavailable gone -> new Answer.Unavailable(gone.cause(), gone.timedOut());
                };
    }

    /** Signals older than the erasure of who made them, or of what they are about, are not there. */
    private boolean isErased(EntityId user, Signal signal) {
        return isErased(user, signal.atMillis()) || isErased(signal.entity(), signal.atMillis());
    }

    private boolean isErased(EntityId id, long atMillis) {
        return erased.all().has(id)
                && atMillis <= erased.erasedAt(id.toString()).orElse(Long.MIN_VALUE);
    }

    /** Forgets what is kept of users. */
    public void forget() {
        upstream.ifPresent(UpstreamSignals::forget);
    }

    private Answer signals(EntityId user, List<SignalBody> bodies) {
        List<Signal> signals = new ArrayList<>(bodies.size());
        for (SignalBody body : bodies) {
            try {
                signals.add(new Signal(
                        String.valueOf(body.type()),
                        EntityId.parse(String.valueOf(body.entity())),
                        Instant.parse(String.valueOf(body.at())).toEpochMilli()));
            } catch (IllegalArgumentException e) {
                return new Answer.Unavailable("unusable answer: " + e.getMessage(), false);
            }
        }
        signals.removeIf(signal -> isErased(user, signal));
        return new Answer.Found(signals);
    }

    @Override
    public void close() {
        upstream.ifPresent(UpstreamSignals::close);
    }
}
