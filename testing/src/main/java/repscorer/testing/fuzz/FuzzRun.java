package repscorer.testing.fuzz;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import repscorer.testing.fuzz.FuzzService.Part;

/**
 * Asks a running service what nobody would ask, by its own OpenAPI document, and holds every answer to {@link AnswerRules}. Requests
 * come in rounds: after each, what no accepted request may have changed is what it was. In every other round nobody shows a token, so
 * that nothing at all may change.
 *
 * <p>A run is made again by its seed; a request, by its seed and number. For one thread, with workers of its own.
 */
public final class FuzzRun {

    private static final int ROUND_REQUESTS = 400;
    private static final int FAULTS_MAX = 20;

    private final Options options;
    private final FuzzService service;
    private final RequestMaker maker;
    private final AnswerRules rules;
    private final Map<String, ApiOperation> operations = new HashMap<>();

    private final Map<Integer, Long> statuses = new TreeMap<>();
    private final Map<String, Long> answered = new TreeMap<>();
    private final Map<Part, Long> compared = new EnumMap<>(Part.class);
    private final List<String> faults = new ArrayList<>();
    private final Set<String> kinds = new HashSet<>(); // of faults: one of each is told
    private long asked;
    private long slowestNanos;
    private String slowest = "";

    /**
     * @param token the administrator's
     * @param requests how many, more or less a round
     * @param workers that ask at once
     * @param patienceMillis after which a service hangs that says nothing
     * @param documented every status of an error that the documentation has
     * @param secrets what no answer may show, beside the token
     */
    public record Options(
            URI service,
            String token,
            long seed,
            long first,
            long requests,
            int workers,
            int patienceMillis,
            Set<Integer> documented,
            List<String> secrets) {}

    /**
     * @param faults broken rules with the requests that broke them, at most twenty
     * @param statuses how many answers had which
     * @param answered how many requests of each operation were accepted
     * @param operations how many there are to ask
     * @param compared how often each part of what the service holds was found unchanged
     * @param slowest which answer took longest
     */
    public record Report(
            long asked,
            int operations,
            List<String> faults,
            Map<Integer, Long> statuses,
            Map<String, Long> answered,
            Map<String, Long> compared,
            String slowest) {}

    /** Fills the service, which is to hold nothing yet. */
    public static FuzzRun prepare(Options options) throws IOException, InterruptedException {
        FuzzService service = new FuzzService(options.service(), options.token());
        service.fill();
        return new FuzzRun(options, service);
    }

    private FuzzRun(Options options, FuzzService service) throws IOException, InterruptedException {
        this.options = options;
        this.service = service;
        String host = options.service().getHost() + ":" + options.service().getPort();
        this.maker = new RequestMaker(service.description(), host, options.token(), options.seed());
        List<String> secrets = new ArrayList<>(options.secrets());
        secrets.add(options.token());
        this.rules = new AnswerRules(maker.operations(), options.documented(), secrets);
        maker.operations().forEach(operation -> operations.put(operation.id(), operation));
    }

    /** Asks all. Ends early where faults are many. */
    public Report run() throws IOException, InterruptedException {
        boolean trusted = false;
        Map<Part, String> before = service.state();
        for (long at = 0; at < options.requests() && faults.size() < FAULTS_MAX; at += ROUND_REQUESTS) {
            Set<Part> touched = round(options.first() + at, Math.min(ROUND_REQUESTS, options.requests() - at), trusted);
            Map<Part, String> after = service.state();
            for (Part part : Part.values()) {
                if (touched.contains(part)) {
                    continue;
                }
                compared.merge(part, 1L, Long::sum);
                if (!Objects.equals(after.get(part), before.get(part))) {
                    fault(
                            part + " changed",
                            "%s changed in the round of requests %s to %s, %s a token, where nothing was accepted that changes it:%n%s"
                                    .formatted(
                                            part.name().toLowerCase(Locale.ROOT),
                                            options.first() + at,
                                            options.first() + at + ROUND_REQUESTS - 1,
                                            trusted ? "with" : "without",
                                            difference(
                                                    String.valueOf(before.get(part)),
                                                    String.valueOf(after.get(part)))));
                }
            }
            if (!touched.isEmpty()) {
                service.mend();
                after = service.state();
            }
            before = after;
            trusted = !trusted;
        }
        Map<String, Long> parts = new TreeMap<>();
        compared.forEach((part, count) -> parts.put(part.name().toLowerCase(Locale.ROOT), count));
        return new Report(asked, operations.size(), List.copyOf(faults), statuses, answered, parts, slowest);
    }

    private static String difference(String before, String after) {
        int same = 0;
        while (same < Math.min(before.length(), after.length()) && before.charAt(same) == after.charAt(same)) {
            same++;
        }
        int from = Math.max(0, same - 150);
        return "  was: …%s%n  is:  …%s%n"
                .formatted(
                        before.substring(from, Math.min(before.length(), same + 150)),
                        after.substring(from, Math.min(after.length(), same + 150)));
    }

    private Set<Part> round(long first, long count, boolean trusted) throws InterruptedException {
        Set<Part> touched = EnumSet.noneOf(Part.class);
        AtomicLong next = new AtomicLong(first);
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < options.workers(); i++) {
            workers.add(Thread.ofPlatform().name("fuzz-" + i).start(() -> {
                try (FuzzConnection connection = new FuzzConnection(options.service(), options.patienceMillis())) {
                    for (long number = next.getAndIncrement();
                            number < first + count;
                            number = next.getAndIncrement()) {
                        ask(connection, maker.make(number, trusted), touched);
                    }
                } catch (RuntimeException e) {
                    fault("fuzzer", "the fuzzer itself failed: " + e);
                }
            }));
        }
        for (Thread worker : workers) {
            worker.join();
        }
        return touched;
    }

    private void ask(FuzzConnection connection, FuzzRequest request, Set<Part> touched) {
        long start = System.nanoTime();
        Optional<String> broken;
        FuzzAnswer answer = FuzzAnswer.NONE;
        try {
            answer = connection.ask(request);
            broken = rules.broken(request, answer);
        } catch (SocketTimeoutException e) {
            broken = Optional.of("no answer in %s ms".formatted(options.patienceMillis()));
        } catch (IOException | RuntimeException e) {
            broken = Optional.of("no answer of HTTP: " + e);
        }
        long nanos = System.nanoTime() - start;
        count(request, answer, nanos, touched);
        if (broken.isPresent()) {
            fault(
                    broken.get() + " " + request.operation(),
                    "%s%nseed %s, request %s of %s, %s the token:%n%s%n%s %s"
                            .formatted(
                                    broken.get(),
                                    options.seed(),
                                    request.number(),
                                    request.operation(),
                                    request.token() ? "with" : "without",
                                    request.shown(),
                                    answer.status(),
                                    answer.text()
                                            .substring(0, Math.min(answer.text().length(), 2_000))));
        }
    }

    private synchronized void count(FuzzRequest request, FuzzAnswer answer, long nanos, Set<Part> touched) {
        asked++;
        if (nanos > slowestNanos) {
            slowestNanos = nanos;
            slowest = "%s ms for request %s of %s, answered %s"
                    .formatted(Math.round(nanos / 1e6), request.number(), request.operation(), answer.status());
        }
        statuses.merge(answer.status(), 1L, Long::sum);
        boolean unknown = answer.status() == 0 && request.token();
        if (answer.status() >= 200 && answer.status() < 300) {
            ApiOperation operation = operations.get(request.operation());
            if (request.asDescribed() && operation != null) {
                answered.merge(request.operation(), 1L, Long::sum);
                touched.addAll(FuzzService.touched(operation));
            } else {
                unknown |= request.token();
            }
        }
        if (unknown) { // bytes that were changed may be those of another request that is allowed
            touched.addAll(EnumSet.allOf(Part.class));
        }
    }

    private synchronized void fault(String kind, String text) {
        if (faults.size() < FAULTS_MAX && kinds.add(kind)) {
            faults.add(text);
        }
    }
}
