package repscorer.api;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a service is started.
 *
 * @param configDirectory holds {@code scorer.yaml}, {@code spaces/}, {@code surfaces/} and {@code experiments/}
 * @param dataDirectory where releases are kept; made when it is missing
 * @param adminToken that administrators show; absent, one is generated at the first start and told once
 * @param newAdminToken whether another token is generated, shown and kept in place of the one there is
 * @param settings dotted keys of {@code scorer.yaml} with values, which win over the file and the environment
 * @param environment variables such as {@code REPSCORER_PORT} and {@code REPSCORER_ADMIN_TOKEN}
 */
public record ServiceOptions(
        Path configDirectory,
        Path dataDirectory,
        Optional<String> adminToken,
        boolean newAdminToken,
        Map<String, String> settings,
        Map<String, String> environment) {

    public static final String ADMIN_TOKEN_VARIABLE = "REPSCORER_ADMIN_TOKEN";

    public ServiceOptions {
        settings = Map.copyOf(settings);
        environment = Map.copyOf(environment);
    }

    /** {@code config/}, {@code data/}, nothing else given, the process's environment. */
    public static ServiceOptions defaults() {
        return new ServiceOptions(
                Path.of("config"), Path.of("data"), Optional.empty(), false, Map.of(), System.getenv());
    }

    public ServiceOptions withConfigDirectory(Path directory) {
        return new ServiceOptions(directory, dataDirectory, adminToken, newAdminToken, settings, environment);
    }

    public ServiceOptions withDataDirectory(Path directory) {
        return new ServiceOptions(configDirectory, directory, adminToken, newAdminToken, settings, environment);
    }

    /** @param port 0 takes a free one */
    public ServiceOptions withPort(int port) {
        return withSetting("port", Integer.toString(port));
    }

    public ServiceOptions withAddress(String address) {
        return withSetting("address", address);
    }

    public ServiceOptions withAdminToken(String token) {
        return new ServiceOptions(
                configDirectory, dataDirectory, Optional.of(token), newAdminToken, settings, environment);
    }

    /** Generates another admin token at this start, for operators who lost theirs; refused beside one that is given. */
    public ServiceOptions withNewAdminToken() {
        return new ServiceOptions(configDirectory, dataDirectory, adminToken, true, settings, environment);
    }

    /** @param key of {@code scorer.yaml}, dotted, such as {@code limits.k-max} */
    public ServiceOptions withSetting(String key, String value) {
        Map<String, String> more = new TreeMap<>(settings);
        more.put(key, value);
        return new ServiceOptions(configDirectory, dataDirectory, adminToken, newAdminToken, more, environment);
    }

    public ServiceOptions withEnvironment(Map<String, String> variables) {
        return new ServiceOptions(configDirectory, dataDirectory, adminToken, newAdminToken, settings, variables);
    }

    /** The token given, else the environment's. */
    Optional<String> adminTokenGiven() {
        return adminToken.or(() -> Optional.ofNullable(environment.get(ADMIN_TOKEN_VARIABLE)));
    }
}
