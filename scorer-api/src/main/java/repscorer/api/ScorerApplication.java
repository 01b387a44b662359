package repscorer.api;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.tomcat.ConnectorStartFailedException;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.support.GenericApplicationContext;
import repscorer.api.changes.ChangeHistory;
import repscorer.api.config.ConfigFiles;
import repscorer.api.config.HttpSettings.OpenReads;
import repscorer.api.config.Overlay;
import repscorer.api.config.ServiceConfig;
import repscorer.api.config.ServiceSettings;
import repscorer.api.engine.StoreDirectory;
import repscorer.api.security.AccessKeys;
import repscorer.api.security.AdminToken;
import repscorer.core.failure.ScorerException;
import repscorer.yaml.ConfigException;

/**
 * The service. {@link #start} reads the configuration, opens the store, brings back the release that was live, and listens.
 *
 * <pre>{@code
 * try (RunningService service = ScorerApplication.start(ServiceOptions.defaults().withPort(0))) {
 *     System.out.println("listening on " + service.uri());
 *     service.awaitClose();
 * }
 * }</pre>
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@ComponentScan
public class ScorerApplication {

    private static final Logger LOG = LoggerFactory.getLogger(ScorerApplication.class);

    static {
        // The JDK sends a GET again by itself where a connection closes without an answer, so that an upstream in
        // trouble got
        // twice the calls that attempts-max says. This is the only limit that it has; we follow no redirects.
        System.getProperties().putIfAbsent("jdk.httpclient.redirects.retrylimit", "1");
    }

    ScorerApplication() {}

    /**
     * Starts a service in this process. A generated admin token is printed to standard output, once.
     *
     * @throws StartException with one message for a person: a mistake in the configuration, a damaged store, a port in use
     */
    public static RunningService start(ServiceOptions options) {
        ConfigFiles files;
        ServiceConfig config;
        AdminToken token;
        AccessKeys keys;
        ChangeHistory history;
        try {
            history = ChangeHistory.open(options.dataDirectory());
            files = fitting(ConfigFiles.read(options.configDirectory()), history.overlay(), options);
            config = ServiceConfig.of(files, options.environment(), options.settings());
            if (options.newAdminToken() && options.adminTokenGiven().isPresent()) {
                throw new IllegalArgumentException("a new admin token is generated where %s gives none"
                        .formatted(ServiceOptions.ADMIN_TOKEN_VARIABLE));
            }
            token = options.newAdminToken()
                    ? AdminToken.generate(options.dataDirectory())
                    : AdminToken.open(options.dataDirectory(), options.adminTokenGiven());
            keys = AccessKeys.open(options.dataDirectory());
            checkAccess(config.settings(), keys);
            Files.createDirectories(options.dataDirectory());
        } catch (ConfigException | IllegalArgumentException e) {
            throw new StartException(message(e), e);
        } catch (IOException e) {
            throw new StartException(
                    "the data directory cannot be used: %s: %s".formatted(options.dataDirectory(), e), e);
        }
        RunningService service =
                run(files, config, token, keys, history, options.dataDirectory().resolve("store"));
        try {
            show(token);
        } catch (IOException | RuntimeException e) {
            service.close();
            throw new StartException("the admin token cannot be kept: %s".formatted(e), e);
        }
        return service;
    }

    /**
     * Files under what the API said, but for experiments that do not go with them any more: who changed the files is told, and a
     * service that stood still starts.
     */
    private static ConfigFiles fitting(ConfigFiles files, Overlay overlay, ServiceOptions options) {
        ConfigFiles fitting = files.with(overlay.withExperiments(new TreeMap<>()));
        if (!overlay.experiments().isEmpty()) {
            ServiceConfig.of(fitting, options.environment(), options.settings()); // what is wrong with files is theirs
        }
        for (Map.Entry<String, String> experiment : overlay.experiments().entrySet()) {
            SortedMap<String, String> more = new TreeMap<>(fitting.overlay().experiments());
            more.put(experiment.getKey(), experiment.getValue());
            ConfigFiles tried = files.with(overlay.withExperiments(more));
            try {
                ServiceConfig.of(tried, options.environment(), options.settings());
                fitting = tried;
            } catch (ConfigException e) {
                LOG.error("an experiment of the API is left out until it fits: {}", e.getMessage());
            }
        }
        return fitting;
    }

    /** Other machines are let in by a key, or in so many words. */
    private static void checkAccess(ServiceSettings settings, AccessKeys keys) {
        if (settings.http().openReads() == OpenReads.LOOPBACK
                && !settings.listensOnLoopback()
                && !keys.any()
                && !settings.jwt().enabled()) {
            throw new IllegalArgumentException(
                    "other machines reach address %s, and there is no key: make one with repscorer key add, or say http.open-reads: everywhere"
                            .formatted(settings.address()));
        }
    }

    /* Shown first and kept then: a start that fails in between generates another one at the next. */
    private static void show(AdminToken token) throws IOException {
        if (token.generated().isPresent()) {
            System.out.println(
                    "admin token, shown this once: " + token.generated().get());
            if (System.out.checkError()) {
                throw new IOException("standard output is closed, so it cannot be shown");
            }
            token.keep();
        }
    }

    private static RunningService run(
            ConfigFiles files,
            ServiceConfig config,
            AdminToken token,
            AccessKeys keys,
            ChangeHistory history,
            Path store) {
        SpringApplication application = new SpringApplication(ScorerApplication.class);
        application.setEnvironment(FrameworkEnvironment.of(config.settings()));
        application.setAddCommandLineProperties(false);
        application.setBannerMode(Banner.Mode.OFF);
        application.setLogStartupInfo(false);
        application.addInitializers(context -> {
            GenericApplicationContext beans = (GenericApplicationContext) context;
            beans.registerBean(ConfigFiles.class, () -> files);
            beans.registerBean(ServiceConfig.class, () -> config);
            beans.registerBean(AdminToken.class, () -> token);
            beans.registerBean(AccessKeys.class, () -> keys);
            beans.registerBean(ChangeHistory.class, () -> history);
            beans.registerBean(StoreDirectory.class, () -> new StoreDirectory(store));
        });
        ServiceSettings settings = config.settings();
        try {
            return new RunningService((ServletWebServerApplicationContext) application.run());
        } catch (RuntimeException e) {
            throw new StartException(explain(e, settings), e);
        }
    }

    /* Spring wraps what went wrong several times; the person wants the innermost thing that was said on purpose. */
    private static String explain(RuntimeException e, ServiceSettings settings) {
        for (Throwable cause : causes(e)) {
            if (cause instanceof ConnectorStartFailedException failed && failed.getPort() != settings.port()) {
                return "%s management-port %s cannot be listened on: it is in use, or not this machine's"
                        .formatted(settings.address(), failed.getPort());
            }
            if (cause instanceof PortInUseException || cause instanceof BindException) {
                return "%s port %s cannot be listened on: it is in use, or not this machine's"
                        .formatted(settings.address(), settings.port());
            }
            if (cause instanceof ScorerException || cause instanceof ConfigException) {
                return message(cause);
            }
        }
        Throwable innermost = causes(e).getLast();
        return "the service cannot start: " + message(innermost);
    }

    private static List<Throwable> causes(Throwable e) {
        List<Throwable> causes = new ArrayList<>();
        for (Throwable cause = e; cause != null && causes.size() < 50; cause = cause.getCause()) {
            causes.add(cause);
        }
        return causes;
    }

    private static String message(Throwable e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
