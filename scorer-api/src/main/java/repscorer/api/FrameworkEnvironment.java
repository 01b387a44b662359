package repscorer.api;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import repscorer.api.config.ServiceSettings;

/**
 * What the framework may read of: our own {@code application.yaml} on the class path, and what follows from our settings.
 * Files of the working directory, variables of the process and properties of the JVM decide nothing.
 */
final class FrameworkEnvironment extends StandardEnvironment {

    private FrameworkEnvironment() {}

    @Override
    protected void customizePropertySources(MutablePropertySources sources) {
        // None: the two of the superclass are the process's environment and properties.
    }

    static FrameworkEnvironment of(ServiceSettings settings) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("spring.config.location", "classpath:/application.yaml");
        values.put("server.port", settings.port());
        values.put("server.address", settings.address());
        // Half of the grace passes before the ports close, half after.
        values.put(
                "spring.lifecycle.timeout-per-shutdown-phase",
                settings.shutdownGrace().dividedBy(2).toMillis() + "ms");
        if (settings.http().tls().enabled()) {
            values.put("server.ssl.certificate", file(settings.http().tls().certificate()));
            values.put(
                    "server.ssl.certificate-private-key",
                    file(settings.http().tls().privateKey()));
        }
        FrameworkEnvironment environment = new FrameworkEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("settings", values));
        return environment;
    }

    private static String file(String path) {
        return Path.of(path).toUri().toString();
    }
}
