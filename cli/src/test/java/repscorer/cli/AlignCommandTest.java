package repscorer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.align.Alignment;
import repscorer.core.align.AlignmentFile;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.testing.CommandRun;

/** Directories of embedding files, aligned without a service. */
class AlignCommandTest {

    private static final int ROWS = 300;
    private static final int D = 6;

    @TempDir
    Path directory;

    @Test
    @DisplayName("Issue 17: two directories are aligned in a table, what is fitted is written, mixed ids are refused")
    void directoriesAreAligned() throws IOException {
        Random random = new Random(2);
        float[][] rows = new float[ROWS][D];
        float[][] turned = new float[ROWS][D];
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < D; j++) {
                rows[i][j] = (float) random.nextGaussian();
                turned[i][(j + 2) % D] = -rows[i][j];
            }
        }
        Path a = files("a", rows, 0);
        Path b = files("b", turned, 0);
        Path out = Files.createDirectory(directory.resolve("out"));
        CommandRun run = run("align", a, b, "--method", "procrustes", "--sample", 500, "--out", out);
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .startsWith("m  a (t-a) onto b (t-b) and back: 240 pairs, judged by 60 of 300 shared ids")
                .containsPattern("procrustes +1\\.000 +1\\.000 +1\\.000 +1\\.000  kept as m-[0-9a-f]{12}");
        List<Path> written;
        try (Stream<Path> entries = Files.list(out)) {
            written = entries.toList();
        }
        assertThat(written).singleElement().satisfies(path -> {
            Alignment alignment = AlignmentFile.parse(Files.readAllBytes(path));
            float[] mapped = alignment.forward().apply(rows[9]);
            for (int j = 0; j < D; j++) {
                assertThat(mapped[j]).isCloseTo(turned[9][j], org.assertj.core.data.Offset.offset(1e-4f));
            }
        });

        run("align", a, files("mixed", turned, 1), "--sample", 500)
                .assertMistake("neighbours of shared ids do not agree, so that nothing is kept");
        run("align", a, a).assertMistake("are the same");
        run("align", a, b, "--space", "other").assertMistake("share no dense space");
        run("align", a, b, "--out", directory.resolve("none")).assertMistake("--out must name a directory");
    }

    /** @param shift by how many rows ids are off */
    private Path files(String name, float[][] rows, int shift) throws IOException {
        EmbeddingFileWriter writer =
                EmbeddingFileWriter.dense("user", "m", EntityKind.USER, D).training("t-" + name);
        for (int i = 0; i < ROWS; i++) {
            writer.add(EntityId.of(EntityKind.USER, i + 1), rows[(i + shift) % ROWS]);
        }
        Path to = Files.createDirectories(directory.resolve(name));
        writer.writeTo(to);
        return to;
    }

    private static CommandRun run(Object... args) {
        return CommandRun.of(given -> Main.run(List.of(), given), args);
    }
}
