package repscorer.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whether a prefetch does any good shows in benchmarks only; here, that it does no harm. */
class PrefetchTest {

    private static final int[] SIZES = {1, 4, 32, 63, 64, 65, 200, 512};

    @Test
    void fetchingChangesNothingWhateverTheSizes() {
        SplittableRandom random = new SplittableRandom(7);
        for (int rowBytes : SIZES) {
            int count = 1 + random.nextInt(100);
            byte[] bytes = new byte[count * rowBytes];
            random.nextBytes(bytes);
            int[] ordinals = random.ints(40, 0, count).toArray();
            int[] given = ordinals.clone();
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment rows = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
                for (int n = 0; n <= ordinals.length; n++) {
                    Prefetch.rows(rows, rowBytes, ordinals, n);
                }
                for (int from = 0; from < bytes.length; from += 17) {
                    Prefetch.range(rows, from, Math.min(rowBytes, bytes.length - from));
                }
                Prefetch.range(rows, 0, 0);
                assertThat(rows.toArray(ValueLayout.JAVA_BYTE))
                        .as("rows of %s bytes", rowBytes)
                        .isEqualTo(bytes);
                assertThat(ordinals).isEqualTo(given);
            }
        }
    }

    @Test
    void prefetchesOnLinuxAndX64UnlessTheyAreSwitchedOff() {
        boolean known = System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
        boolean off = System.getProperty(Prefetch.PROPERTY, "on").equals("off");
        assertThat(Prefetch.implementation()).isEqualTo(known && !off ? "prefetch" : "read");
    }
}
