package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A service that is told to stop. */
@Timeout(120)
class DrainHttpTest {

    private static final String QUERY = """
            {"surface": "follow", "source": {"id": "user:1"}, "k": 20, "explain": true}""";

    private static TestService start() {
        TestService service = TestService.start(
                TestService.newDirectory(),
                options -> options.withSetting("traffic.wait-target", "10s").withSetting("traffic.wait-max", "10s"));
        service.publish("one", 1);
        return service;
    }

    @Test
    @DisplayName("S37: every request that came before the stop is answered")
    void answersWhatCame() throws InterruptedException {
        TestService service = start();
        List<RawCall> calls = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            calls.add(new RawCall(service.running.uri()));
        }
        calls.forEach(call -> call.post("/v1/candidates", QUERY));
        Thread stopping = Thread.ofPlatform().start(service::close);
        assertThat(calls).allSatisfy(call -> assertThat(call.answer()).startsWith("HTTP/1.1 200"));
        stopping.join();
        calls.forEach(RawCall::close);
    }

    @Test
    @DisplayName("S37: so is one whose header or body is still on its way")
    void answersWhatIsOnItsWay() throws InterruptedException {
        TestService service = start();
        String whole = RawCall.head("/v1/candidates", QUERY.length(), "") + QUERY;
        try (RawCall header = new RawCall(service.running.uri());
                RawCall body = new RawCall(service.running.uri())) {
            header.send(whole.substring(0, 30));
            body.send(whole.substring(0, whole.length() - 10));
            Thread.sleep(300);
            Thread stopping = Thread.ofPlatform().start(service::close);
            Thread.sleep(500);
            header.send(whole.substring(30));
            body.send(whole.substring(whole.length() - 10));
            assertThat(header.answer()).startsWith("HTTP/1.1 200");
            assertThat(body.answer()).startsWith("HTTP/1.1 200");
            stopping.join();
        }
    }

    @Test
    @DisplayName("S37: a caller that never ends holds the stop up no longer than the grace")
    void theGraceEnds() {
        TestService service = TestService.start(
                TestService.newDirectory(),
                options -> options.withSetting("shutdown-grace", "1s").withSetting("traffic.receive-max", "1h"));
        service.publish("one", 1);
        try (RawCall slow = new RawCall(service.running.uri())) {
            slow.send("POST /v1/candidates HTTP/1.1\r\nHost");
            long asked = System.nanoTime();
            service.close();
            assertThat((System.nanoTime() - asked) / 1e9).isBetween(0.5, 20.0);
        }
    }
}
