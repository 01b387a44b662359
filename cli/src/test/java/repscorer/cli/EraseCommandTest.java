package repscorer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.testing.CommandRun;

/** A subject erased at a shell, with a receipt that is checked. */
class EraseCommandTest {

    @TempDir
    Path directory;

    @Test
    void anErasureIsWaitedForAndItsReceiptIsChecked() throws IOException {
        EmbeddingFileWriter writer = EmbeddingFileWriter.dense("user", "m", EntityKind.USER, 4);
        for (int user = 1; user <= 20; user++) {
            writer.add(EntityId.of(EntityKind.USER, user), new float[] {1, user, user * user, 3});
        }
        Path files = Files.createDirectories(directory.resolve("files"));
        writer.writeTo(files);
        try (ShellService service = ShellService.ofUsers(directory, "traffic: {warm-up-max: 100ms}\n")) {
            service.done("publish", files, "--release", "one");

            String told = service.done("erase", "user:12", "--reason", "letter 114");

            assertThat(told).contains("release one: 1 file written anew").containsPattern("done \\d{4}-");
            String receipt = told.substring("receipt ".length(), told.indexOf(':'));
            assertThat(service.done("erase", "verify", receipt)).endsWith("found 0");
            assertThat(service.run("erase", "verify", "e9-none").exit()).isEqualTo(2);
            CommandRun nobody = service.run("erase", "--reason", "x");
            assertThat(nobody.exit()).isEqualTo(2);
            assertThat(nobody.err()).contains("erase needs an id and a --reason");
            assertThat(service.run("erase", "user:3").exit()).isEqualTo(2);
            assertThat(service.run("erase", "nothing", "--reason", "x").exit()).isEqualTo(2);
        }
    }
}
