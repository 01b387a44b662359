package repscorer.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class BackgroundThreadsTest {

    /** The place of the scheduling policy in /proc/…/stat, counted behind the name in brackets. */
    private static final int POLICY_AT = 38;

    @Test
    void threadsAreDaemonsWithNumbersWhereTheNameAsksForThem() {
        ThreadFactory numbered = BackgroundThreads.named("build-");
        assertThat(numbered.newThread(() -> {}).getName()).isEqualTo("build-0");
        assertThat(numbered.newThread(() -> {}).getName()).isEqualTo("build-1");
        Thread single = BackgroundThreads.named("fold").newThread(() -> {});
        assertThat(single.getName()).isEqualTo("fold");
        assertThat(single.isDaemon()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"true, 5", "false, 0"})
    void onLinuxAThreadHasThePolicyForIdleProcessorsUnlessToldOtherwise(boolean whenIdle, String policy)
            throws Exception {
        Path stat = Path.of("/proc/thread-self/stat");
        assumeTrue(Files.isReadable(stat), "there is no /proc to read a thread's policy from");
        CompletableFuture<String> read = new CompletableFuture<>();
        Thread thread = BackgroundThreads.named("fold", whenIdle).newThread(() -> {
            try {
                read.complete(Files.readString(stat));
            } catch (Exception e) {
                read.completeExceptionally(e);
            }
        });
        thread.start();
        String fields = read.get();
        assertThat(fields.substring(fields.lastIndexOf(')') + 2).strip().split(" ", -1)[POLICY_AT])
                .isEqualTo(policy);
    }

    @Test
    void anotherPolicyIsRefusedByName() {
        assertThat(BackgroundThreads.isIdle("idle")).isTrue();
        assertThat(BackgroundThreads.isIdle("normal")).isFalse();
        assertThatThrownBy(() -> BackgroundThreads.isIdle("low"))
                .hasMessage("repscorer.background must be idle or normal: 'low'");
    }
}
