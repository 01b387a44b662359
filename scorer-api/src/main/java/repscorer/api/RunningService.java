package repscorer.api;

import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import repscorer.api.config.ServiceConfig;
import repscorer.api.config.ServiceSettings;
import repscorer.api.security.AdminToken;
import repscorer.api.traffic.Ports;

/** A service that was started and answers. Safe for concurrent use. */
public final class RunningService implements AutoCloseable {

    final ServletWebServerApplicationContext context;
    private final int port;
    private final CountDownLatch closed = new CountDownLatch(1);

    RunningService(ServletWebServerApplicationContext context) {
        this.context = context;
        this.port = Objects.requireNonNull(context.getWebServer()).getPort();
        context.addApplicationListener((ApplicationListener<ContextClosedEvent>) event -> closed.countDown());
    }

    /** The port it listens on, also where a free one was asked for. */
    public int port() {
        return port;
    }

    /** Its address for callers on this machine. */
    public URI uri() {
        return settings().uri(port);
    }

    /** Where probes and metrics are, on threads that no other request uses. */
    public URI managementUri() {
        return settings().managementUri(context.getBean(Ports.class).managementPort());
    }

    /** The admin token, on the one start that generated it. */
    public Optional<String> adminToken() {
        return context.getBean(AdminToken.class).generated();
    }

    /** Blocks until somebody closes the service, such as the process being told to stop. */
    public void awaitClose() throws InterruptedException {
        closed.await();
    }

    /** Lets requests in flight finish within {@link ServiceSettings#shutdownGrace()}, then stops. */
    @Override
    public void close() {
        context.close();
    }

    private ServiceSettings settings() {
        return context.getBean(ServiceConfig.class).settings();
    }
}
