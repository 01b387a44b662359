package repscorer.api.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Issue 20: who changed what is kept so that a change of it shows")
class AuditLogTest {

    @TempDir
    Path data;

    private AuditEntry add(int number) throws IOException {
        return AuditLog.of(data)
                .append("maria", "10.0.0.7", "PUT /v1/x?n=" + number, 200, Map.of("x", "ä\n1"), Map.of("y", "2"));
    }

    private List<String> lines() throws IOException {
        return new ArrayList<>(Files.readAllLines(data.resolve("audit.log")));
    }

    private AuditLog.Report after(List<String> lines) throws IOException {
        Files.write(data.resolve("audit.log"), lines);
        return AuditLog.of(data).read(entry -> {});
    }

    @Test
    void entriesComeBackAsTheyWereAndHangTogether() throws Exception {
        assertThat(AuditLog.of(data).read(entry -> {}).entries()).isZero();
        List<AuditEntry> added = List.of(add(1), add(2), add(3));
        List<AuditEntry> read = new ArrayList<>();
        AuditLog.Report report = AuditLog.of(data).read(read::add);
        assertThat(read).isEqualTo(added);
        assertThat(report.broken()).isEmpty();
        assertThat(report.hash()).isEqualTo(added.getLast().hash());
        // As anybody can check it without us.
        String previous = "0".repeat(64);
        for (String line : lines()) {
            int end = line.lastIndexOf(",\"hash\":");
            assertThat(line).contains("\"previous\":\"" + previous + "\"");
            previous = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(line.substring(0, end).getBytes(StandardCharsets.UTF_8)));
            assertThat(line).endsWith(",\"hash\":\"" + previous + "\"}");
        }
    }

    @Test
    void everyChangeOfALineShows() throws IOException {
        for (int i = 1; i <= 5; i++) {
            add(i);
        }
        List<String> whole = lines();
        List<String> changed = new ArrayList<>(whole);
        changed.set(2, changed.get(2).replace("maria", "mario"));
        assertThat(after(changed).broken()).hasValue("line 3 was changed: its hash is another one");

        List<String> without = new ArrayList<>(whole);
        without.remove(1);
        assertThat(after(without).broken())
                .hasValue("line 2 does not follow the one before: lines were taken out, put in or moved");

        List<String> swapped = new ArrayList<>(whole);
        Collections.swap(swapped, 1, 3);
        assertThat(after(swapped).broken())
                .hasValueSatisfying(words -> assertThat(words).startsWith("line 2 does not"));

        List<String> twice = new ArrayList<>(whole);
        twice.add(2, whole.get(1));
        assertThat(after(twice).broken())
                .hasValueSatisfying(words -> assertThat(words).startsWith("line 3 does not"));

        assertThat(after(List.of(whole.get(0), "{}")).broken()).isPresent();
        assertThat(after(List.of(whole.get(0), whole.get(1).substring(0, 40))).broken())
                .hasValue("line 2 is no entry: it is cut off, or was changed");
        AuditLog.Report cut = after(whole.subList(0, 3));
        assertThat(cut.broken())
                .as("what is cut off shows to who noted the last hash")
                .isEmpty();
        assertThat(cut.entries()).isEqualTo(3);
    }

    @Test
    void whatACrashLeftOfALineGivesWay() throws IOException {
        add(1);
        String first = lines().getFirst();
        Files.writeString(data.resolve("audit.log"), "{\"seq\":2,\"at\":\"20", StandardOpenOption.APPEND);
        assertThat(add(2).sequence()).isEqualTo(2);
        assertThat(lines()).hasSize(2).first().isEqualTo(first);
        assertThat(AuditLog.of(data).read(entry -> {}).broken()).isEmpty();
    }

    @Test
    void aLineMayBeTornWithinACharacter() throws IOException {
        add(1);
        Path file = data.resolve("audit.log");
        long whole = Files.size(file);
        byte[] torn = "{\"seq\":2,\"who\":\"ä".getBytes(StandardCharsets.UTF_8);
        Files.write(file, Arrays.copyOf(torn, torn.length - 1), StandardOpenOption.APPEND);
        assertThat(add(2).sequence()).isEqualTo(2);
        assertThat(lines()).hasSize(2);
        assertThat(Files.size(file)).isBetween(2 * whole - 8, 2 * whole + 8);
        assertThat(AuditLog.of(data).read(entry -> {}).broken()).isEmpty();
    }

    @Test
    void aLineMayBeLongerThanAnyBlock() throws IOException {
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 40_000; i++) {
            many.put("file surfaces/%s.yaml".formatted(i), "0123456789abcdef".repeat(4));
        }
        AuditLog log = AuditLog.of(data);
        assertThat(log.append("maria", "10.0.0.7", "all", 200, many, Map.of()).sequence())
                .isEqualTo(1);
        assertThat(Files.size(data.resolve("audit.log"))).isGreaterThan(3 << 20);
        assertThat(add(2).sequence()).isEqualTo(2);
        assertThat(add(3).sequence()).isEqualTo(3);
        AuditLog.Report report = log.read(entry -> {});
        assertThat(report.broken()).isEmpty();
        assertThat(report.entries()).isEqualTo(3);
    }

    @Test
    void manyAtOnceStandInOneOrder() throws Exception {
        List<Future<AuditEntry>> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 100; i++) {
                int number = i;
                all.add(threads.submit(() -> add(number)));
            }
        }
        for (Future<AuditEntry> each : all) {
            assertThat(each.get().hash()).hasSize(64);
        }
        AuditLog.Report report = AuditLog.of(data).read(entry -> {});
        assertThat(report.entries()).isEqualTo(100);
        assertThat(report.broken()).isEmpty();
    }
}
