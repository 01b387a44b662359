package repscorer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.api.audit.AuditEntry;
import repscorer.api.audit.AuditLog;
import repscorer.testing.CommandRun;

@DisplayName("Issue 20: the audit log is told and verified by a command")
class AuditCommandTest {

    @TempDir
    Path data;

    private static CommandRun audit(Object... args) {
        return CommandRun.of(
                given -> Main.run(List.of(), given),
                Stream.concat(Stream.of("audit"), Stream.of(args)).toArray());
    }

    private AuditEntry add(String what) throws IOException {
        return AuditLog.of(data)
                .append("maria", "10.0.0.7", what, 200, Map.of("surface tweet", "1"), Map.of("surface tweet", "2"));
    }

    @Test
    void entriesAreTold() throws IOException {
        add("PUT /v1/a");
        AuditEntry last = add("PUT /v1/b");
        CommandRun list = audit("list", "--data", data);
        assertThat(list.exit()).as(list.err()).isZero();
        assertThat(list.out().lines())
                .hasSize(5)
                .element(2)
                .isEqualTo("2  %s  maria from 10.0.0.7  PUT /v1/b  200".formatted(last.at()));
        assertThat(list.out())
                .contains("    surface tweet: 1 -> 2")
                .endsWith("2 entries, the last is 2:%s%n".formatted(last.hash()));
    }

    @Test
    void whatWasChangedOrCutOffIsFound() throws IOException {
        AuditEntry first = add("PUT /v1/a");
        AuditEntry last = add("PUT /v1/b");
        Path file = data.resolve("audit.log");
        String whole = Files.readString(file);
        assertThat(audit("verify", "--data", data, "--expect", "2:" + last.hash())
                        .exit())
                .isZero();

        Files.writeString(file, whole.lines().limit(1).findFirst().orElseThrow() + "\n");
        assertThat(audit("verify", "--data", data).exit()).isZero();
        CommandRun cut = audit("verify", "--data", data, "--expect", "2:" + last.hash());
        assertThat(cut.exit()).isEqualTo(1);
        assertThat(cut.out()).contains("entry 2:%s is not there".formatted(last.hash()));
        assertThat(audit("verify", "--data", data, "--expect", "1:" + first.hash())
                        .exit())
                .isZero();

        Files.writeString(file, whole.replaceFirst("maria", "mario"));
        CommandRun changed = audit("verify", "--data", data);
        assertThat(changed.exit()).isEqualTo(1);
        assertThat(changed.out()).startsWith("line 1 was changed");
    }

    @Test
    void aDataDirectoryWithoutChangesHasNoEntries() {
        assertThat(audit("verify", "--data", data).out()).startsWith("0 entries");
    }

    @Test
    void mistakesAreNamed() {
        audit("list", "--data", data.resolve("nowhere")).assertMistake("--data: no such directory");
        audit("verify", "--data", data.resolve("nowhere")).assertMistake("--data: no such directory");
        audit("verify", "--data", data, "--expect", "2").assertMistake("N:HASH: '2'");
    }
}
