package repscorer.api.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StoreDirectoryTest {

    @Test
    @DisplayName("S45: callers are told of files from the data directory on, however it was given")
    void noPlaceOfTheMachineIsTold() {
        Path absolute = Path.of("build/data").toAbsolutePath();

        for (Path given : new Path[] {Path.of("build/data"), absolute, Path.of("build/x/../data")}) {
            StoreDirectory directory = new StoreDirectory(given.resolve("store"));
            assertThat(directory.told("no room: %s/store/releases/r/a.emb -> %s".formatted(absolute, absolute)))
                    .isEqualTo("no room: store/releases/r/a.emb -> the data directory");
            assertThat(directory.told("cannot read %s/store/LIVE".formatted(given)))
                    .isEqualTo("cannot read store/LIVE");
        }
        assertThat(new StoreDirectory(absolute.resolve("store")).told("nothing to see"))
                .isEqualTo("nothing to see");
    }
}
