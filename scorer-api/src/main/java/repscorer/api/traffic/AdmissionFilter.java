package repscorer.api.traffic;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerExceptionResolver;
import repscorer.api.config.ServiceConfig;
import repscorer.api.config.TrafficSettings;
import repscorer.api.problem.QuickRefusal;
import repscorer.api.problem.RefusedException;
import repscorer.api.problem.RequestFilter;
import repscorer.core.failure.ScorerException;
import repscorer.core.request.Budget;
import repscorer.core.request.ComputePermits;
import repscorer.core.request.Priority;

/** Lets requests in: before their body is read where there is no room, and with a permit from there on to the whole answer. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE
        + 3) // behind the metrics of requests, which see the wait too, and the quotas of tenants; before all else
final class AdmissionFilter extends RequestFilter {

    /*
     * Where many requests are under way the thread that one comes on is a virtual one: it reads, waits for its turn and writes. What
     * takes the processor, from the parsing of the body to the answer's bytes, is done by a platform thread while a permit is held.
     * So the queue is in front of the permits, where its length is known, and not among virtual threads that wait for a processor.
     */

    static final String DEADLINE = "X-Request-Deadline-Ms";

    static final String PRIORITY = "X-Request-Priority";

    /** What a caller that left is noted as; nobody reads it. */
    static final int ABANDONED_STATUS = 499;

    /** Heap that a parsed body takes, in its length. */
    private static final int PARSED_TIMES = 8;

    private static final int CHANGES_MAX = 64;

    /** Nobody is asked whether it is still there so soon after it sent its request. */
    private static final long LOOK_NANOS = 1_000_000;

    private final ComputePermits permits;
    private final ByteBudget bytes;
    private final AdmissionMetrics metrics;
    private final HandlerExceptionResolver resolver;
    private final TrafficSettings traffic;
    private final long bodyMax;
    private final long answerMax;
    private final RequestThreads threads;
    private final Semaphore changes = new Semaphore(CHANGES_MAX);

    AdmissionFilter(
            ServiceConfig config,
            ComputePermits permits,
            ByteBudget bytes,
            AdmissionMetrics metrics,
            RequestThreads threads,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver resolver) {
        this.permits = permits;
        this.bytes = bytes;
        this.metrics = metrics;
        this.threads = threads;
        this.resolver = resolver;
        this.traffic = config.settings().traffic();
        this.bodyMax = config.settings().limits().requestBodyMax().toBytes();
        this.answerMax = config.settings().limits().answerMax().toBytes();
    }

    @Override
    protected void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<Connection> connection = Connection.current();
        try {
            switch (Route.of(request)) {
                case PROBE -> chain.doFilter(request, response);
                case CHANGE -> change(request, response, chain, connection);
                case ANSWER -> answer(request, response, chain, connection);
            }
        } catch (ScorerException e) {
            metrics.refused(e.code());
            refuse(request, response, e);
        } catch (RefusedException e) {
            refuse(request, response, e);
        } finally {
            // What is left of a body, and the next request.
            connection.ifPresent(open -> open.within(traffic.receiveMax()));
        }
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response, RuntimeException e)
            throws IOException {
        empty(response);
        if (e instanceof ScorerException.Overloaded overloaded) {
            QuickRefusal.write(overloaded, request, response);
            return;
        }
        try (ByteBudget.Share share = bytes.share()) {
            BufferedAnswer problem = new BufferedAnswer(response, share, answerMax);
            resolver.resolveException(request, problem, null, e);
            problem.send();
        }
    }

    /* Of an answer that came too late, or that nobody waits for. */
    private static void empty(HttpServletResponse response) {
        if (!response.isCommitted()) {
            response.resetBuffer();
        }
    }

    /* A stream takes as long as it must: whoever sends it has shown the token before its first byte is read. */
    private void change(
            HttpServletRequest request,
            HttpServletResponse response,
            FilterChain chain,
            Optional<Connection> connection)
            throws ServletException, IOException {
        if (!changes.tryAcquire()) {
            throw new ScorerException.Overloaded(
                    "too-many-changes", "%s changes are under way, which is the most".formatted(CHANGES_MAX));
        }
        try {
            connection.ifPresent(Connection::unhurried);
            run(() -> chain.doFilter(request, response));
        } finally {
            changes.release();
        }
    }

    private void answer(
            HttpServletRequest request,
            HttpServletResponse response,
            FilterChain chain,
            Optional<Connection> connection)
            throws ServletException, IOException {
        Budget budget = budget(request.getHeader(DEADLINE));
        Priority priority = priority(request.getHeader(PRIORITY));
        permits.checkRoom(priority);
        connection.ifPresent(open -> open.within(traffic.receiveMax()));
        try (ByteBudget.Share share = bytes.share()) {
            BufferedRequest whole = BufferedRequest.read(request, bodyMax, share);
            connection.ifPresent(Connection::unhurried);
            share.take((long) (PARSED_TIMES - BufferedRequest.HELD_TIMES) * whole.bytes());
            BufferedAnswer answer = new BufferedAnswer(response, share, answerMax);
            long asked = System.nanoTime();
            try (ComputePermits.Permit permit = permits.take(budget, priority)) {
                long waited = System.nanoTime() - asked;
                if (waited > LOOK_NANOS && isAbandoned("queued", response, connection)) {
                    return;
                }
                metrics.admitted(waited);
                run(() -> permit.use(() -> {
                    chain.doFilter(whole, answer);
                    return true;
                }));
            }
            answer.check();
            if (budget.isOver()) {
                throw new ScorerException.Overloaded(
                        "deadline-passed", "the request's time was over when its answer was ready");
            }
            if (System.nanoTime() - asked < LOOK_NANOS || !isAbandoned("computed", response, connection)) {
                connection.ifPresent(open -> open.within(traffic.sendMax()));
                answer.send();
            }
        }
    }

    private boolean isAbandoned(String when, HttpServletResponse response, Optional<Connection> connection) {
        boolean gone = connection.isPresent() && connection.get().gone();
        if (gone) {
            metrics.abandoned(when);
            empty(response);
            response.setStatus(ABANDONED_STATUS);
        }
        return gone;
    }

    private Budget budget(@Nullable String header) {
        if (header == null) {
            return Budget.of(traffic.timeMax());
        }
        try {
            long millis = Long.parseLong(header.strip());
            if (millis > 0) {
                return Budget.of(
                        Duration.ofMillis(Math.min(millis, traffic.timeMax().toMillis())));
            }
        } catch (NumberFormatException e) {
            // Told below like any other number that is none.
        }
        throw new ScorerException.Invalid(
                "malformed-deadline",
                DEADLINE,
                "%s is a whole number of milliseconds above 0: '%s'".formatted(DEADLINE, header));
    }

    private static Priority priority(@Nullable String header) {
        if (header == null) {
            return Priority.NORMAL;
        }
        for (Priority priority : Priority.values()) {
            if (priority.name().equalsIgnoreCase(header.strip())) {
                return priority;
            }
        }
        throw new ScorerException.Invalid(
                "unknown-priority", PRIORITY, "%s is high, normal or low: '%s'".formatted(PRIORITY, header));
    }

    private void run(RequestThreads.Work work) throws ServletException, IOException {
        try {
            threads.run(work);
        } catch (IOException | ServletException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new ServletException(e);
        }
    }
}
