package repscorer.api.flags;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.FeatureProvider;
import dev.openfeature.sdk.FlagEvaluationDetails;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.Reason;
import dev.openfeature.sdk.Value;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import repscorer.core.experiment.FlagSource;
import repscorer.core.request.Budget;
import repscorer.core.request.ComputePermits;

/**
 * Asks a provider of OpenFeature for the variant of a flag, the unit being the targeting key and a request's context its attributes. It waits for the timeout at most, and no
 * longer than the request may; a provider that hangs costs its own threads and nothing else. Safe for concurrent use.
 */
final class OpenFeatureFlags implements FlagSource, AutoCloseable {

    /** Questions under way at once; where a provider hangs, more are refused at once. */
    static final int QUESTIONS_MAX = 256;

    private final FeatureProvider provider;
    private final Client client;
    private final Duration timeout;
    private final ComputePermits permits;
    private final Semaphore questions = new Semaphore(QUESTIONS_MAX);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** @param permits given back while somebody waits */
    OpenFeatureFlags(FeatureProvider provider, Duration timeout, ComputePermits permits) {
        this.provider = provider;
        this.timeout = timeout;
        this.permits = permits;
        // The library keeps one provider a domain for the whole process; ours is nobody else's.
        String domain = "repscorer-" + UUID.randomUUID();
        OpenFeatureAPI.getInstance().setProvider(domain, provider);
        this.client = OpenFeatureAPI.getInstance().getClient(domain);
    }

    @Override
    public Answer ask(String flag, String unit, Map<String, String> context) {
        Map<String, Value> attributes = new HashMap<>();
        context.forEach((name, value) -> attributes.put(name, new Value(value)));
        EvaluationContext asker = new ImmutableContext(unit, attributes);
        Supplier<Answer> waiting = () -> within(Budget.of(timeout).left(), flag, asker);
        return permits.waiting(waiting);
    }

    private Answer within(Duration most, String flag, EvaluationContext asker) {
        if (!questions.tryAcquire()) {
            return new Answer.Unavailable("%s questions to the flag system are under way".formatted(QUESTIONS_MAX));
        }
        Future<Answer> asked = threads.submit(() -> {
            try {
                return answer(client.getStringDetails(flag, "", asker));
            } finally {
                questions.release();
            }
        });
        try {
            return asked.get(most.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            asked.cancel(true);
            return new Answer.Unavailable("flag %s was not answered within %s ms".formatted(flag, most.toMillis()));
        } catch (ExecutionException e) {
            return new Answer.Unavailable("flag %s failed: %s".formatted(flag, e.getCause()));
        } catch (InterruptedException e) {
            asked.cancel(true);
            Thread.currentThread().interrupt();
            return new Answer.Unavailable("the question for flag %s was broken off".formatted(flag));
        }
    }

    private static Answer answer(FlagEvaluationDetails<String> details) {
        if (details.getErrorCode() != null) {
            return new Answer.Unavailable("flag %s: %s %s"
                    .formatted(details.getFlagKey(), details.getErrorCode(), said(details.getErrorMessage())));
        }
        String variant = said(details.getVariant());
        String name = variant.isEmpty() ? said(details.getValue()) : variant;
        boolean out = name.isEmpty()
                || Reason.DISABLED.name().equals(details.getReason())
                || Reason.DEFAULT.name().equals(details.getReason()) && variant.isEmpty();
        return out ? new Answer.Nobody() : new Answer.Variant(name);
    }

    private static String said(@Nullable String text) {
        return text == null ? "" : text;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        provider.shutdown();
    }
}
