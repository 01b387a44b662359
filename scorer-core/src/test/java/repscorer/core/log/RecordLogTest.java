package repscorer.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.disk.Disk;
import repscorer.core.disk.ForwardingDisk;

class RecordLogTest {

    @TempDir
    Path directory;

    /** Notes in which order names go, and when that is durable. */
    private static final class NotingDisk extends ForwardingDisk {

        private final List<String> noted = new ArrayList<>();

        NotingDisk() {
            super(Disk.LOCAL);
        }

        @Override
        public void delete(Path path) throws IOException {
            noted.add("delete " + path.getFileName());
            super.delete(path);
        }

        @Override
        public void syncDirectory(Path synced) throws IOException {
            noted.add("sync");
            super.syncDirectory(synced);
        }
    }

    @DisplayName("S4: no segment outlives its successor, which says up to where it counts")
    @Test
    void aSegmentIsDurablyGoneBeforeItsSuccessorGoes() throws IOException {
        NotingDisk disk = new NotingDisk();
        LogPlace place = new LogPlace(directory, directory, "owner", "words");
        RecordLog<String> log = new RecordLog<>(disk, place, Words.FORMAT, LogReplay.Result.nothing());
        for (int sequence = 1; sequence <= 4; sequence++) {
            log.append(sequence, List.of("word"));
            log.roll();
        }
        disk.noted.clear();
        log.removeUpTo(3);
        assertThat(disk.noted)
                .containsExactly(
                        "delete words.00000001.log",
                        "sync",
                        "delete words.00000002.log",
                        "sync",
                        "delete words.00000003.log");
        assertThat(place.segments(disk)).containsOnlyKeys(4);
    }
}
