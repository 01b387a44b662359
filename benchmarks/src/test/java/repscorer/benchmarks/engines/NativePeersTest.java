package repscorer.benchmarks.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a peer in C++ that is there, and of one that is not; no compiler runs here. */
class NativePeersTest {

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    @Test
    void theScriptsLastLineIsTheDriver() throws Exception {
        Path script = script("echo compiling; echo /drivers/$1");
        assertThat(NativePeers.command("faiss", script)).containsExactly("/drivers/faiss");
        assertThat(NativePeers.command("faiss/sq8", script)).containsExactly("/drivers/faiss", "sq8");
    }

    @Test
    void whatTheScriptMissesIsToldInItsWords() throws IOException {
        Path script = script("echo \"$1 cannot be measured: no g++\" >&2; exit 2");
        assertThatThrownBy(() -> NativePeers.command("symphonyqg", script))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessage("symphonyqg cannot be measured: no g++");
        assertThatThrownBy(() -> NativePeers.command("faiss", folder.resolve("none.sh")))
                .isInstanceOf(EngineUnavailableException.class)
                .hasMessageContaining("none.sh");
    }

    @Test
    void theRealScriptRefusesWhatItDoesNotKnow() throws Exception {
        Process process = new ProcessBuilder("../benchmarks/native/build.sh", "annoy")
                .redirectErrorStream(true)
                .start();
        assertThat(new String(process.getInputStream().readAllBytes()))
                .isEqualTo("usage: build.sh hnswlib-cpp|faiss|faiss-opq|symphonyqg\n");
        assertThat(process.waitFor()).isEqualTo(2);
    }

    private Path script(String body) throws IOException {
        Path script = Files.writeString(folder.resolve("build.sh"), "#!/bin/sh\n" + body + "\n");
        return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
