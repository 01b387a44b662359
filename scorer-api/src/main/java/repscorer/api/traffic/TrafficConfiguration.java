package repscorer.api.traffic;

import java.time.Duration;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import repscorer.api.config.ServiceConfig;

/** The two ports and the limits of what comes in by them. */
@Configuration(proxyBeanMethods = false)
class TrafficConfiguration {

    /** Of the heap: what requests and answers may hold at once. */
    private static final int HEAP_SHARE = 4;

    /** Stops the first of all, while the service still takes requests. */
    private static final int BEFORE_THE_PORTS_CLOSE = SmartLifecycle.DEFAULT_PHASE;

    /** Between Spring's closing of the ports, which counts only what has come to a handler, and the end of Tomcat. */
    private static final int AFTER_THE_PORTS_CLOSED = SmartLifecycle.DEFAULT_PHASE - 1_024 - 512;

    @Bean
    ByteBudget bytes() {
        return new ByteBudget(Runtime.getRuntime().maxMemory() / HEAP_SHARE);
    }

    @Bean
    RequestThreads requestThreads() {
        return new RequestThreads();
    }

    @Bean
    Ports ports(ServiceConfig config, RequestThreads threads) {
        return new Ports(config.settings(), threads);
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> guarded(Ports ports) {
        return factory -> {
            factory.setProtocol(GuardedProtocol.class.getName());
            factory.addConnectorCustomizers(ports::serve);
            factory.addAdditionalConnectors(ports.management());
        };
    }

    /** What has come already, to the last connection that the system took for us, is answered before the ports close. */
    @Bean
    Drain drainBefore(Ports ports, ServiceConfig config) {
        return new Drain(
                ports, BEFORE_THE_PORTS_CLOSE, config.settings().shutdownGrace().dividedBy(2), Duration.ofMillis(100));
    }

    @Bean
    Drain drainAfter(Ports ports) {
        return new Drain(ports, AFTER_THE_PORTS_CLOSED, Duration.ofMillis(100), Duration.ZERO);
    }
}
