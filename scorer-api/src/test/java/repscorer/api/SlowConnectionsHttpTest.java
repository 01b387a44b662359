package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers that send or read as slowly as they may. */
@Timeout(120)
@SuppressWarnings("NullAway.Init")
class SlowConnectionsHttpTest {

    private static final int PER_ADDRESS_MAX = 12;

    private static TestService service;

    @BeforeAll
    static void start() {
        service = TestService.start(
                TestService.newDirectory(),
                options -> options.withSetting("traffic.receive-max", "1s")
                        .withSetting("traffic.send-max", "1s")
                        .withSetting("traffic.connections-max", "16")
                        .withSetting("traffic.connections-per-address-max", Integer.toString(PER_ADDRESS_MAX)));
        service.publish("one", 1);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** Sends the text a byte at a time, until it is cut off. */
    private static boolean cutOff(String first, String rest) throws InterruptedException {
        try (RawCall call = new RawCall(service.running.uri())) {
            call.send(first);
            long end = System.nanoTime() + 20_000_000_000L;
            for (int i = 0; System.nanoTime() < end; i++) {
                call.send(rest.substring(i % rest.length(), i % rest.length() + 1));
                if (call.closedWithin(50)) {
                    return true;
                }
            }
            return false;
        } catch (java.io.UncheckedIOException e) {
            return true;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/spaces HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
                "G",
                "POST /v1/candidates HTTP/1.1\r\nHost: localhost\r\nA"
            })
    @DisplayName("S38: a header that comes a byte at a time is cut off")
    void slowHeaders(String first) throws InterruptedException {
        assertThat(cutOff(first, "abcdefgh")).isTrue();
    }

    @Test
    @DisplayName("S38: so is a body, of a stated length or of none")
    void slowBodies() throws InterruptedException {
        assertThat(cutOff(RawCall.head("/v1/candidates", 1_000_000, ""), " ")).isTrue();
        assertThat(cutOff(
                        "POST /v1/scores HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
                        "1\r\n \r\n"))
                .isTrue();
    }

    @Test
    @DisplayName("S38: so is the body of a request that was refused already, and of one without the token")
    void slowBodiesOfTheRefused() throws InterruptedException {
        assertThat(cutOff(RawCall.head("/v1/candidates", 60_000_000, ""), " ")).isTrue();
        assertThat(cutOff(RawCall.head("/v1/signals", 1_000_000, ""), " ")).isTrue();
    }

    @Test
    @Timeout(30)
    @DisplayName("S38: so is the reader of an answer who reads a byte at a time")
    void slowReaders() throws Exception {
        String ids = Collections.nCopies(10_000, "\"user:1\"").stream().collect(Collectors.joining(","));
        double before = slow();
        try (RawCall call = new RawCall(service.running.uri())) {
            call.receiveBuffer(1_024);
            // More than the system keeps for a reader of what was written to him.
            for (int i = 0; i < 12; i++) {
                call.post("/v1/embeddings/twhin-user", "{\"ids\": [" + ids + "]}");
            }
            long end = System.nanoTime() + 20_000_000_000L;
            while (slow() == before && System.nanoTime() < end) {
                call.in().read();
                Thread.sleep(100);
            }
            assertThat(slow()).isGreaterThan(before);
        }
        // Whoever wrote it wakes up, and gives back what it held.
        while (figure("repscorer_requests_bytes", "") > 0) {
            Thread.sleep(50);
        }
    }

    private static double slow() {
        return figure("repscorer_connections_closed_total", "slow");
    }

    private static double figure(String name, String tag) {
        return new Http(service.running.managementUri())
                .get("/actuator/prometheus")
                .text()
                .lines()
                .filter(line -> line.startsWith(name) && line.contains(tag))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf('}') + 2)))
                .sum();
    }

    @Test
    @DisplayName("S38: a connection that is idle between two requests is kept")
    void idleIsKept() throws InterruptedException {
        try (RawCall call = new RawCall(service.running.uri())) {
            String body = """
                    {"surface": "follow", "source": {"id": "user:1"}, "k": 3}""";
            assertThat(call.post("/v1/candidates", body).answer()).startsWith("HTTP/1.1 200");
            Thread.sleep(2_500);
            assertThat(call.post("/v1/candidates", body).answer()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    @DisplayName("S38: an address has its share of connections, and probes have others")
    void anAddressHasItsShare() {
        List<RawCall> calls = new ArrayList<>();
        try {
            for (int i = 0; i < 3 * PER_ADDRESS_MAX; i++) {
                try {
                    calls.add(new RawCall(service.running.uri()));
                } catch (java.io.UncheckedIOException e) {
                    // refused at once, which is as good
                }
            }
            long open = calls.stream().filter(call -> !call.closedWithin(200)).count();
            assertThat(open).isBetween(1L, (long) PER_ADDRESS_MAX);
            Http management = new Http(service.running.managementUri());
            assertThat(management.get("/actuator/health/liveness").status()).isEqualTo(200);
            assertThat(management.get("/actuator/prometheus").text())
                    .containsPattern("repscorer_connections_closed_total\\{[^}]*address\"\\} [1-9]");
        } finally {
            calls.forEach(RawCall::close);
        }
    }
}
