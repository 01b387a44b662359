package repscorer.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.disk.Disk;
import repscorer.core.disk.ForwardingDisk;
import repscorer.core.failure.Finding;

class LogReplayTest {

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private LogPlace place;

    private final List<String> read = new ArrayList<>();

    @BeforeEach
    void makePlace() {
        place = new LogPlace(directory, directory, "owner", "words");
    }

    private LogReplay.Result<String> replay(long behind) throws IOException {
        read.clear();
        return LogReplay.read(
                Disk.LOCAL, place, Words.FORMAT, behind, (sequence, word) -> read.add(sequence + "=" + word));
    }

    private RecordLog<String> log() {
        return new RecordLog<>(Disk.LOCAL, place, Words.FORMAT, LogReplay.Result.nothing());
    }

    /** Two segments: groups of a and b, of c; then of d, of e. */
    private void write() throws IOException {
        RecordLog<String> log = log();
        log.append(1, List.of("a", "b"));
        log.append(3, List.of("c"));
        assertThat(log.roll()).isEqualTo(1);
        log.append(4, List.of("d"));
        log.append(5, List.of("e"));
        log.roll();
    }

    private static List<Finding.Kind> kinds(LogReplay.Result<String> result) {
        return result.findings().stream().map(Finding::kind).toList();
    }

    private void damage(int segment, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(place.segment(segment));
        bytes[at] ^= 4;
        Files.write(place.segment(segment), bytes);
    }

    @Test
    void recordsComeInTheirOrderAndTheLastGroupIsUnproven() throws IOException {
        write();
        LogReplay.Result<String> result = replay(0);
        assertThat(read).containsExactly("1=a", "2=b", "3=c", "4=d", "5=e");
        assertThat(result.sequence()).isEqualTo(5);
        assertThat(result.lastNumber()).isEqualTo(2);
        assertThat(result.number()).isEqualTo(2);
        assertThat(result.end()).isEqualTo(Files.size(place.segment(2)));
        assertThat(result.unproven()).containsExactly("e");
        assertThat(result.findings()).isEmpty();
        replay(2);
        assertThat(read).as("behind what is known").containsExactly("3=c", "4=d", "5=e");
    }

    @Test
    void aLogThatWasNeverBegunIsEmpty() throws IOException {
        Files.writeString(directory.resolve("other.00000001.log"), "another log's");
        Files.writeString(directory.resolve("words.1.log"), "no segment");
        assertThat(replay(7)).isEqualTo(new LogReplay.Result<>(0, 0, 0, 7, List.of(), List.of()));
        assertThat(read).isEmpty();
    }

    @DisplayName("S19: digits of the machine's language stand in no name and no bytes")
    @Test
    void aLogIsTheSameUnderALanguageOfOtherDigits() throws IOException {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("ne-NP-u-nu-deva"));
        try {
            write();
            assertThat(directory.resolve("words.00000002.log")).exists();
            assertThat(replay(0).findings()).isEmpty();
        } finally {
            Locale.setDefault(before);
        }
        replay(0);
        assertThat(read).hasSize(5);
    }

    @Test
    void aWriteThatNeverEndedIsTornWhereverItEnds() throws IOException {
        write();
        byte[] whole = Files.readAllBytes(place.segment(2));
        int lastGroup = whole.length - 32;
        for (int length = lastGroup + 1; length < whole.length; length++) {
            Files.write(place.segment(2), Arrays.copyOf(whole, length));
            LogReplay.Result<String> result = replay(0);
            assertThat(read).as("length %s", length).containsExactly("1=a", "2=b", "3=c", "4=d");
            assertThat(kinds(result)).containsExactly(Finding.Kind.TORN);
            assertThat(result.end()).isEqualTo(lastGroup);
            assertThat(result.unproven()).containsExactly("d");
        }
    }

    @Test
    void aDamagedGroupBeforeAWholeOneIsSkippedAndWhatIsLostIsNamed() throws IOException {
        write();
        damage(1, LogFormat.HEADER_BYTES + LogFormat.GROUP_HEADER_BYTES + 2);
        LogReplay.Result<String> result = replay(0);
        assertThat(read).containsExactly("3=c", "4=d", "5=e");
        assertThat(result.findings())
                .extracting(Finding::toString)
                .containsExactly(
                        "words.00000001.log: bytes 48 to 80 are damaged; changes are lost (DAMAGED)",
                        "words.00000001.log: changes 1 to 2 are lost: the group at 80 begins with 3 (DAMAGED)");
    }

    @Test
    void aDamagedHeaderIsNamedAndTheGroupsAreRead() throws IOException {
        write();
        damage(1, 3);
        LogReplay.Result<String> result = replay(0);
        assertThat(read).containsExactly("1=a", "2=b", "3=c", "4=d", "5=e");
        assertThat(kinds(result)).containsExactly(Finding.Kind.DAMAGED);
    }

    @Test
    void aMissingSegmentIsALossAndAnotherOwnersSegmentIsNone() throws IOException {
        write();
        RecordLog<String> others = new RecordLog<>(
                Disk.LOCAL,
                new LogPlace(directory, directory, "another", "words"),
                Words.FORMAT,
                LogReplay.Result.nothing());
        others.append(1, List.of("x"));
        others.roll();
        LogReplay.Result<String> result = replay(0);
        assertThat(read).containsExactly("4=d", "5=e");
        assertThat(kinds(result)).contains(Finding.Kind.DAMAGED);
        Files.delete(place.segment(1));
        assertThat(kinds(replay(0))).containsExactly(Finding.Kind.DAMAGED);
        assertThat(read).containsExactly("4=d", "5=e");
        assertThat(replay(3).findings()).as("known already").isEmpty();
    }

    @Test
    void whatAFailedWriteLeftBehindTheKnownEndIsNoRecord() throws IOException {
        RecordLog<String> log = log();
        log.append(1, List.of("a"));
        log.roll();
        int known = (int) Files.size(place.segment(1));
        ByteBuffer ghost = LogFormat.group(place.identity(1), 2, List.of("never acknowledged"), Words.FORMAT);
        Files.write(place.segment(1), Arrays.copyOf(ghost.array(), ghost.limit()), StandardOpenOption.APPEND);
        log.append(2, List.of("b"));
        log.roll();
        assertThat(Files.size(place.segment(1))).isGreaterThan(known);
        LogReplay.Result<String> result = replay(0);
        assertThat(read).containsExactly("1=a", "2=b");
        assertThat(result.findings()).isEmpty();
    }

    @Test
    void aRecordThatCannotBeReadIsDamage() throws IOException {
        RecordLog<byte[]> raw = new RecordLog<>(
                Disk.LOCAL,
                place,
                new RecordFormat<byte[]>() {
                    @Override
                    public int byteSize(byte[] each) {
                        return each.length;
                    }

                    @Override
                    public void write(byte[] each, ByteBuffer out) {
                        out.put(each);
                    }

                    @Override
                    public byte[] read(ByteBuffer in) {
                        return new byte[0];
                    }
                },
                LogReplay.Result.nothing());
        raw.append(1, List.of(new byte[] {9, 0, 'x'}));
        raw.roll();
        assertThat(replay(0).findings())
                .extracting(Finding::toString)
                .containsExactly("words.00000001.log: record 0 at 48: a word ends too early (DAMAGED)");
    }

    @Test
    void theLastGroupIsWrittenAgainInASegmentOfItsOwn() throws IOException {
        write();
        LogReplay.Result<String> result = replay(0);
        RecordLog<String> again = new RecordLog<>(Disk.LOCAL, place, Words.FORMAT, result);
        again.prove(result.sequence());
        again.append(6, List.of("f"));
        again.roll();
        assertThat(place.segments(Disk.LOCAL)).containsOnlyKeys(1, 2, 3);
        assertThat(replay(0).findings()).isEmpty();
        assertThat(read).containsExactly("1=a", "2=b", "3=c", "4=d", "5=e", "6=f");
        again.removeUpTo(2);
        replay(4);
        assertThat(read).containsExactly("5=e", "6=f");
    }

    /** A disk whose writes and syncs fail a number of times. */
    private static final class FailingDisk extends ForwardingDisk {
        private int failures;

        FailingDisk() {
            super(Disk.LOCAL);
        }

        @Override
        public Output create(Path file) throws IOException {
            return new ForwardingOutput(super.create(file)) {
                @Override
                public void sync() throws IOException {
                    if (failures > 0) {
                        failures--;
                        throw new IOException("Input/output error");
                    }
                    super.sync();
                }
            };
        }
    }

    @Test
    void aSegmentThatFailedIsNeverWrittenAgain() throws IOException {
        FailingDisk disk = new FailingDisk();
        RecordLog<String> log = new RecordLog<>(disk, place, Words.FORMAT, LogReplay.Result.nothing());
        log.append(1, List.of("a"));
        disk.failures = 1;
        log.append(2, List.of("b"));
        assertThat(place.segments(Disk.LOCAL)).as("the next segment took it").containsOnlyKeys(1, 2);
        disk.failures = 2;
        assertThatThrownBy(() -> log.append(3, List.of("never")))
                .isInstanceOf(IOException.class)
                .hasMessage("Input/output error, after Input/output error");
        log.append(3, List.of("c"));
        log.roll();
        LogReplay.Result<String> result = replay(0);
        assertThat(read).containsExactly("1=a", "2=b", "3=c");
        assertThat(result.findings()).isEmpty();
    }

    @Test
    void aLogGoesOnWhereItsDirectoryWasMovedTo() throws IOException {
        write();
        RecordLog<String> log = new RecordLog<>(Disk.LOCAL, place, Words.FORMAT, replay(0));
        log.append(6, List.of("f"));
        Path elsewhere = directory.resolveSibling(directory.getFileName() + "-moved");
        Files.move(directory, elsewhere);
        Files.createDirectory(directory);
        place = new LogPlace(elsewhere, elsewhere, "owner", "words");
        log.movedTo(place).append(7, List.of("g"));
        assertThat(replay(0).findings()).isEmpty();
        assertThat(read).containsExactly("1=a", "2=b", "3=c", "4=d", "5=e", "6=f", "7=g");
        Disk.LOCAL.deleteTree(elsewhere);
    }
}
