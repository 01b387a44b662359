package repscorer.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The routines' bytes are the instructions that stand beside them: a disassembler says so. */
class PrefetchRoutinesTest {

    @TempDir
    Path directory;

    @Test
    void objdumpReadsTheInstructionsThatStandBesideTheBytes() throws Exception {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(path -> Files.isExecutable(Path.of(path, "objdump"))),
                "objdump is missing, so nobody compares the machine code with its listing: install binutils");
        for (String listing : List.of(PrefetchRoutines.ROWS, PrefetchRoutines.RANGE)) {
            assertThat(disassembled(PrefetchRoutines.bytes(listing))).isEqualTo(written(listing));
        }
    }

    @Test
    void theFirstRoutineEndsBeforeTheSecondBegins() {
        assertThat(PrefetchRoutines.bytes(PrefetchRoutines.ROWS)).hasSize(48);
        assertThat(PrefetchRoutines.bytes(PrefetchRoutines.RANGE)).hasSize(20);
    }

    /** A listing's lines as {@code address: bytes instruction}, its labels replaced by the addresses they stand at. */
    private static List<String> written(String listing) {
        Map<String, String> addresses = new HashMap<>();
        List<String> lines = new ArrayList<>();
        int address = 0;
        for (String line : listing.lines().toList()) {
            String bytes = line.substring(0, line.indexOf('|')).strip();
            String instruction = line.substring(line.indexOf('|') + 1).strip();
            if (instruction.contains(":")) {
                addresses.put(instruction.substring(0, instruction.indexOf(':')), "0x" + Integer.toHexString(address));
                instruction =
                        instruction.substring(instruction.indexOf(':') + 1).strip();
            }
            lines.add(Integer.toHexString(address) + ": " + bytes + " " + instruction);
            address += bytes.length() / 2;
        }
        return lines.stream()
                .map(line -> {
                    String last = line.substring(line.lastIndexOf(' ') + 1);
                    return line.substring(0, line.length() - last.length()) + addresses.getOrDefault(last, last);
                })
                .toList();
    }

    /** The same of what objdump makes of bytes. */
    private List<String> disassembled(byte[] bytes) throws IOException, InterruptedException {
        Path file = Files.write(directory.resolve("routine"), bytes);
        Process objdump = new ProcessBuilder(
                        "objdump", "-D", "-b", "binary", "-m", "i386:x86-64", "-M", "att", file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(objdump.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(objdump.waitFor()).as(output).isZero();
        return output.lines()
                .map(line -> line.split("\t", -1))
                .filter(columns -> columns.length == 3)
                .map(columns -> columns[0].strip() + " " + columns[1].replace(" ", "") + " "
                        + columns[2].strip().replaceAll("\\s+", " "))
                .toList();
    }
}
