package repscorer.api.slow;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import repscorer.api.observe.StageCpu;
import repscorer.api.tenants.World;
import repscorer.core.answer.Decided;
import repscorer.core.answer.Provenance;
import repscorer.core.failure.ScorerException;

/** One request under way, which is written down when it is closed if it took long. For one thread. */
public final class Watched implements AutoCloseable {

    /** Of a service that writes none down. */
    static final Watched NOT = new Watched(null, "", "");

    private final @Nullable SlowRequests log;
    private final String route;
    private final String surface;
    private final long begun = System.nanoTime();
    private final Map<String, Integer> sizes = new LinkedHashMap<>();
    private final @Nullable StageCpu cpu;
    private @Nullable Decided decided;
    private @Nullable Provenance provenance;
    private @Nullable String failure;

    Watched(@Nullable SlowRequests log, String route, String surface) {
        this.log = log;
        this.route = route;
        this.surface = surface;
        this.cpu = log == null ? null : StageCpu.begin();
    }

    /** What is to be told what an answer was made by: this, and another that is there. */
    public Optional<Consumer<Decided>> with(Optional<Consumer<Decided>> other) {
        if (log == null) {
            return other;
        }
        return Optional.of(made -> {
            decided = made;
            other.ifPresent(each -> each.accept(made));
        });
    }

    /** Notes how large something of the request or its answer was. */
    public Watched size(String what, int size) {
        if (log != null) {
            sizes.put(what, size);
        }
        return this;
    }

    public void answered(Provenance from) {
        if (log != null) {
            provenance = from;
        }
    }

    public void failed(RuntimeException e) {
        if (log != null) {
            failure = e instanceof ScorerException known
                    ? known.code()
                    : e.getClass().getSimpleName();
        }
    }

    @Override
    public void close() {
        if (log == null || cpu == null) {
            return;
        }
        long nanos = System.nanoTime() - begun;
        if (log.isSlow(nanos)) {
            SlowLine line = new SlowLine(
                    SlowRequests.now(),
                    route,
                    surface,
                    SlowRequests.caller(),
                    World.current().tenant().map(tenant -> tenant.name()),
                    nanos / 1_000,
                    Map.copyOf(cpu.micros()),
                    Map.copyOf(sizes),
                    Optional.ofNullable(decided).map(made -> made.way().plan()),
                    Optional.ofNullable(provenance),
                    Optional.ofNullable(failure));
            log.write(line::json);
        }
        cpu.close();
    }
}
