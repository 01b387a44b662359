package repscorer.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;
import repscorer.yaml.ConfigException;

class ServiceSettingsTest {

    @TempDir
    Path directory;

    @Test
    void aMissingFileGivesTheDefaults() {
        assertThat(read(Map.of(), Map.of())).isEqualTo(ServiceSettings.DEFAULT);
    }

    @Test
    void theShippedFileStatesTheDefaults() {
        Path shipped = ConfigFixture.shipped().resolve("scorer.yaml");

        assertThat(SettingsReader.read(shipped, Map.of(), Map.of())).isEqualTo(ServiceSettings.DEFAULT);
    }

    @Test
    @DisplayName("S11: the upstream that the shipped file shows switched on is one")
    void theShippedUpstreamCanBeSwitchedOn() throws Exception {
        String shipped = Files.readString(ConfigFixture.shipped().resolve("scorer.yaml"));
        String shown = shipped.lines()
                .dropWhile(line -> !line.startsWith("#upstream:"))
                .takeWhile(line -> line.startsWith("#"))
                .map(line -> line.substring(1))
                .collect(Collectors.joining("\n"));
        Files.writeString(directory.resolve("scorer.yaml"), shown);

        ServiceSettings.Upstream upstream = read(Map.of(), Map.of()).upstream();

        assertThat(upstream.enabled()).isTrue();
        assertThat(upstream.base()).isEqualTo("https://embeddings.example.com");
        assertThat(upstream.http()).isEqualTo(ServiceSettings.DEFAULT.upstream().http());
    }

    @Test
    void streamsNameWhatIsWrong() {
        Map<String, String> good = Map.of("streams.servers", "a:1", "streams.topics", "[twhin-user=a]");
        assertRefused(with(good, "streams.topics", "[twhin-user]"), "topics are space=topic: 'twhin-user'");
        assertRefused(with(good, "streams.topics", "[s=a, s=b]"), "topics name a space once: 's'");
        assertRefused(with(good, "streams.dead-letters", "a"), "dead-letters is none of topics: 'a'");
        assertRefused(with(good, "streams.properties", "/nowhere"), "properties is a file: '/nowhere'");
        assertRefused(with(good, "streams.replay", "367d"), "replay must be 0s to 366d");
        assertThatThrownBy(() -> ServiceConfig.load(
                        ConfigFixture.shipped(), Map.of(), with(good, "streams.topics", "[nowhere=a]")))
                .hasMessage("streams.topics: space 'nowhere' is not declared");
        assertThatThrownBy(() -> ServiceConfig.load(
                        ConfigFixture.shipped(), Map.of("REPSCORER_STREAMS_SERVERS", "a:1"), Map.of()))
                .hasMessage("streams need servers and topics, or neither: 'a:1' and []");
    }

    @Test
    @DisplayName("servers and topic of decisions may come by variables of the environment, both or neither")
    void pairsAreCheckedWhenAllIsRead() {
        Map<String, String> variables =
                Map.of("REPSCORER_DECISIONS_KAFKA_SERVERS", "a:1", "REPSCORER_DECISIONS_KAFKA_TOPIC", "t");
        assertThat(ServiceConfig.load(ConfigFixture.shipped(), variables, Map.of())
                        .settings()
                        .decisions()
                        .kafka())
                .isEqualTo(new DecisionSettings.Kafka("a:1", "t"));
        assertThatThrownBy(() ->
                        ServiceConfig.load(ConfigFixture.shipped(), Map.of(), Map.of("decisions.kafka.topic", "t")))
                .hasMessage("decisions.kafka needs servers and topic, or neither: '' and 't'");
    }

    private void assertRefused(Map<String, String> settings, String words) {
        assertThatThrownBy(() -> read(Map.of(), settings))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(words);
    }

    private static Map<String, String> with(Map<String, String> settings, String key, String value) {
        Map<String, String> changed = new TreeMap<>(settings);
        changed.put(key, value);
        return changed;
    }

    @Test
    void aKeyWithNothingBehindItSaysNothing() throws Exception {
        Files.writeString(directory.resolve("scorer.yaml"), "limits:\nport: 9\nstore:\n  releases-kept:\n");

        ServiceSettings settings = read(Map.of(), Map.of());

        assertThat(settings.port()).isEqualTo(9);
        assertThat(settings.limits()).isEqualTo(ServiceSettings.DEFAULT.limits());
        assertThat(settings.store()).isEqualTo(ServiceSettings.DEFAULT.store());
    }

    @Test
    void everyKeyCanBeSet() throws Exception {
        Files.writeString(directory.resolve("scorer.yaml"), """
                address: 0.0.0.0
                port: 0
                shutdown-grace: 5s
                searches-max: 7
                http:
                  open-reads: nowhere
                  hosts: [Scorer.example]
                  forwarded-headers: true
                  cors-origins: ["https://app.example:8443"]
                  tls: {certificate: pom.xml, private-key: pom.xml}
                management-port: 4
                traffic:
                  time-max: 9s
                  wait-target: 8ms
                  wait-max: 7ms
                  degrade: false
                  receive-max: 6s
                  send-max: 5s
                  warm-up-max: 4s
                  connections-max: 30
                  connections-per-address-max: 20
                limits:
                  request-body-max: 64KiB
                  k-max: 10
                  ef-max: 20
                  sources-max: 30
                  candidates-max: 40
                  excluded-max: 50
                  ids-max: 60
                  answer-max: 70KiB
                store:
                  releases-kept: 1
                  staged-file-max: 3MiB
                  build-threads: 2
                  sampled-rows: 9
                  compaction-changes: 77
                decisions:
                  log: kept
                  share: 0.25
                  leave-out: [columns, request]
                  ids: hashed
                  file-max: 1MiB
                  file-age-max: 5m
                  total-max: 2MiB
                  queue-max: 3MiB
                  outcome-window: 2d
                  kafka: {servers: "a:1,b:2", topic: decisions}
                streams: {servers: "a:1", topics: [twhin-user=vectors], dead-letters: dead, properties: /dev/null, replay: 2h}
                upstream:
                  enabled: true
                  base: https://embeddings.example:8443/x
                  budget: 40ms
                  fetch-budget: 1s
                  fetches-max: 5
                  cache: {found-ttl: 1m, refresh-after: 30s, refresh-pause: 2s, missing-ttl: 3s, jitter-percent: 0, bytes-max: 1024}
                  http:
                    connect-timeout: 10ms
                    attempt-timeout: 20ms
                    response-bytes-max: 1000
                    retry: {attempts-max: 1, backoff-min: 1ms, backoff-max: 2ms}
                    breaker: {enabled: false, failure-percent-open: 10, calls-window: 5, calls-min: 4, open-for: 1s, probes: 1}
                    bulkhead: {calls-max: 3, wait-max: 4ms}
                """);

        ServiceSettings settings = read(Map.of(), Map.of());

        assertThat(settings.address()).isEqualTo("0.0.0.0");
        assertThat(settings.port()).isZero();
        assertThat(settings.shutdownGrace()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.searchesMaxResolved()).isEqualTo(7);
        assertThat(settings.http())
                .isEqualTo(new HttpSettings(
                        HttpSettings.OpenReads.NOWHERE,
                        List.of("scorer.example"),
                        true,
                        List.of("https://app.example:8443"),
                        new HttpSettings.Tls("pom.xml", "pom.xml")));
        assertThat(settings.decisions())
                .isEqualTo(new DecisionSettings(
                        "kept",
                        .25,
                        List.of(DecisionSettings.Part.COLUMNS, DecisionSettings.Part.REQUEST),
                        DecisionSettings.Ids.HASHED,
                        DataSize.ofMegabytes(1),
                        Duration.ofMinutes(5),
                        DataSize.ofMegabytes(2),
                        DataSize.ofMegabytes(3),
                        Duration.ofDays(2),
                        new DecisionSettings.Kafka("a:1,b:2", "decisions")));
        assertThat(settings.streams())
                .isEqualTo(new StreamSettings(
                        "a:1", List.of("twhin-user=vectors"), "dead", "/dev/null", Duration.ofHours(2)))
                .returns(Map.of("twhin-user", "vectors"), StreamSettings::bySpace);
        assertThat(settings.managementPortResolved()).isEqualTo(4);
        assertThat(settings.traffic())
                .isEqualTo(new TrafficSettings(
                        Duration.ofSeconds(9),
                        Duration.ofMillis(8),
                        Duration.ofMillis(7),
                        false,
                        Duration.ofSeconds(6),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(4),
                        30,
                        20));
        assertThat(settings.limits().answerMax().toKilobytes()).isEqualTo(70);
        assertThat(settings.limits().requestBodyMax().toKilobytes()).isEqualTo(64);
        assertThat(settings.limits())
                .extracting("kMax", "efMax", "sourcesMax", "candidatesMax", "excludedMax", "idsMax")
                .containsExactly(10, 20, 30, 40, 50, 60);
        assertThat(settings.store().options())
                .extracting("releasesKept", "stagedBytesMax", "buildThreads", "sampledRows", "compactionChanges")
                .containsExactly(1, 3L << 20, 2, 9, 77);
        assertThat(settings.upstream().enabled()).isTrue();
        assertThat(settings.upstream().budget()).isEqualTo(Duration.ofMillis(40));
        assertThat(settings.upstream().config().base().getHost()).isEqualTo("embeddings.example");
        assertThat(settings.upstream().config().cache().refreshAfter()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.upstream().config().http().breaker().callsMin()).isEqualTo(4);
        assertThat(settings.upstream().config().http().bulkhead().waitMax()).isEqualTo(Duration.ofMillis(4));
    }

    @Test
    void theManagementPortFollowsThePort() {
        assertThat(read(Map.of(), Map.of()).managementPortResolved()).isEqualTo(8081);
        assertThat(read(Map.of(), Map.of("port", "0")).managementPortResolved()).isZero();
        assertThat(read(Map.of(), Map.of("port", "65535")).managementPortResolved())
                .isEqualTo(65_534);
        assertThatThrownBy(() -> read(Map.of(), Map.of("management-port", "8080")))
                .hasMessageContaining("management-port must be 0 to 65535, and not the port: 8080");
        assertThatThrownBy(() -> read(Map.of(), Map.of("traffic.wait-max", "0s")))
                .hasMessageContaining("wait-max must be above 0 and at most 1h: 0 ms");
    }

    @Test
    void aDefaultThatFollowsFromAnotherKeyFollows() throws Exception {
        Files.writeString(directory.resolve("scorer.yaml"), "upstream: {cache: {found-ttl: 1m}}\n");

        assertThat(read(Map.of(), Map.of()).upstream().cache().refreshAfter()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void theEnvironmentWinsOverTheFileAndAGivenSettingOverBoth() throws Exception {
        Files.writeString(directory.resolve("scorer.yaml"), "port: 1\nlimits: {k-max: 2}\naddress: 10.0.0.1\n");

        ServiceSettings settings = read(
                Map.of("REPSCORER_PORT", "3", "REPSCORER_LIMITS_K_MAX", "4", "REPSCORER_ADMIN_TOKEN", "not a setting"),
                Map.of("port", "5", "store.staged-file-max", "6MiB", "upstream.http.retry.attempts-max", "2"));

        assertThat(settings.port()).isEqualTo(5);
        assertThat(settings.limits().kMax()).isEqualTo(4);
        assertThat(settings.address()).isEqualTo("10.0.0.1");
        assertThat(settings.store().stagedFileMax().toMegabytes()).isEqualTo(6);
        assertThat(settings.upstream().http().retry().attemptsMax()).isEqualTo(2);
    }

    @Test
    void aBadVariableIsNamed() {
        assertThatThrownBy(() -> read(Map.of("REPSCORER_PORT", "http"), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("environment variable REPSCORER_PORT")
                .hasMessageContaining("'http'");
    }

    @Test
    void aBadSettingIsNamedWithItsRule() {
        assertThatThrownBy(() -> read(Map.of(), Map.of("limits.k-max", "0")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("setting limits.k-max")
                .hasMessageContaining("k-max must be 1 to 1000: 0");
    }

    @Test
    void anUnknownSettingIsNamedWithTheKnownOnes() {
        assertThatThrownBy(() -> read(Map.of(), Map.of("limits.kmax", "1")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("setting limits.kmax: unknown key; known are")
                .hasMessageContaining("limits.k-max");
    }

    @Test
    @DisplayName("S21 a misspelt variable is refused")
    void aVariableThatNobodyReadsIsRefused() {
        for (String variable : List.of("REPSCORER_LIMITS_KMAX", "REPSCORER_ADMINTOKEN", "REPSCORER_")) {
            assertThatThrownBy(() -> read(Map.of(variable, "4"), Map.of()))
                    .hasMessageContaining(
                            "environment variable " + variable + ": unknown; known are REPSCORER_ADDRESS,")
                    .hasMessageContaining("REPSCORER_LIMITS_K_MAX");
        }
        assertThat(read(Map.of("REPSCORER_DEBUG", "1", "REPSCORER_URL", "x", "REPSCORERX", "x"), Map.of())
                        .port())
                .isEqualTo(8080);
    }

    private ServiceSettings read(Map<String, String> environment, Map<String, String> given) {
        return SettingsReader.read(directory.resolve("scorer.yaml"), environment, given);
    }
}
