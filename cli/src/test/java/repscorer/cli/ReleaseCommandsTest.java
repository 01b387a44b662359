package repscorer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.embedding.EmbeddingFileWriter;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;
import repscorer.json.WireJson;
import repscorer.testing.CommandRun;
import repscorer.wire.ComparisonResponse;

/** The life of a release at a shell, against a service of one space and one surface. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReleaseCommandsTest {

    @TempDir
    static Path directory;

    private static ShellService service;

    @BeforeAll
    static void start() throws IOException {
        service = ShellService.ofUsers(directory, "store: {releases-kept: 1}\n", "{name: more, kind: topic}");
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static CommandRun run(Object... args) {
        return service.run(args);
    }

    private static String done(Object... args) {
        return service.done(args);
    }

    /** A directory with 60 users, whose rows are dealt out anew, and two topics where they are wanted. */
    private static Path files(String name, long deal, boolean topics) throws IOException {
        Random random = new Random(1);
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            rows.add(new float[] {
                (float) random.nextGaussian(), (float) random.nextGaussian(), (float) random.nextGaussian(), 1
            });
        }
        Collections.shuffle(rows, new Random(deal));
        EmbeddingFileWriter users = EmbeddingFileWriter.dense("user", "m", EntityKind.USER, 4);
        for (int i = 0; i < 60; i++) {
            users.add(EntityId.of(EntityKind.USER, i + 1), rows.get(i));
        }
        Path to = Files.createDirectories(directory.resolve("files-" + name));
        users.writeTo(to);
        if (topics) {
            EmbeddingFileWriter more = EmbeddingFileWriter.dense("more", "m", EntityKind.TOPIC, 4);
            more.add(EntityId.of(EntityKind.TOPIC, "jazz"), new float[] {1, 2, 3, 4});
            more.writeTo(to);
        }
        return to;
    }

    @Test
    @Order(1)
    @DisplayName(
            "Issue 17: a release is staged, compared, refused, promoted with what it lacks, and listed all the way")
    void aReleaseIsStagedAndPromoted() throws IOException {
        assertThat(done("publish", files("one", 1, true), "--release", "one")).startsWith("one is LIVE: 2 spaces");
        run("publish", files("two", 2, false), "--release", "two", "--stage")
                .assertMistake("lacks spaces of the live release one: more");
        assertThat(done("releases").lines().toList().getFirst()).contains("two", "REJECTED", "lacks spaces");
        assertThat(done("publish", files("two", 2, false), "--release", "two", "--stage", "--carry"))
                .startsWith("two is STAGED: 1 spaces");
        assertThat(done("releases").lines().map(line -> line.replaceAll("\\s+", " ")))
                .anyMatch(line -> line.startsWith("two STAGED"))
                .anyMatch(line -> line.startsWith("one LIVE"));
        run("promote", "nowhere").assertMistake("was not built to be promoted");
        run("promote", "two").assertMistake("neighbours of user must be at least 0.1");
        run("promote", "two", "--force").assertMistake("--force needs --reason");
        run("promote", "two", "--canary", 500).assertMistake("--canary and --for go together");
        run("promote", "two", "--canary", 500, "--for", "30m").assertMistake("release two is not tried: neighbours");
        assertThat(done("promote", "two", "--canary", 500, "--for", "30m", "--force", "--reason", "a test"))
                .startsWith("two answers 500 of 10000 units beside one, until ")
                .contains("0 of 500 units so far, waits for its time; begun by admin token: a test");
        assertThat(done("releases", "canary", "--stop", "--reason", "enough"))
                .startsWith("no release is tried")
                .containsPattern("ended  by admin token: enough\\s+\\S+  begun  by admin token: a test");
        assertThat(done("promote", "two", "--force", "--reason", "ids were dealt anew"))
                .startsWith("two is LIVE: 2 spaces")
                .contains("more is carried over from one")
                .containsPattern("gate +of +value +min +max")
                .containsPattern("neighbours +user +-?0\\.0\\d+ +0\\.1000 +FAILED")
                .contains("forced by admin token at ")
                .endsWith(": ids were dealt anew");
        assertThat(done("releases")).contains("forced: ids were dealt anew");
    }

    @Test
    @Order(2)
    @DisplayName(
            "Issue 17: two releases are compared in a table, in JSON and on a page, and mistakes are told before that")
    void twoReleasesAreCompared() throws Exception {
        Path json = directory.resolve("drift.json");
        Path html = directory.resolve("drift.html");
        String out = done("compare", "one", "two", "--sample", 40, "--json", json, "--html", html);
        assertThat(out)
                .contains("one and two: at most 40 ids of each space, seed 42", "surface near", "rbo@10", "cosine")
                .contains("a file names no training", "60 in both, 0 only in the first, 0 only in the second")
                .contains("least alike: user:");
        ComparisonResponse read = WireJson.read(Files.readAllBytes(json), ComparisonResponse.class);
        assertThat(read.spaces()).extracting(each -> each.space()).containsExactly("more", "user");
        assertThat(read.spaces().getLast().drawn()).isEqualTo(40);
        assertThat(Files.readString(html))
                .startsWith("<!doctype html>")
                .contains("<svg")
                .doesNotContain("<script");
        String same = done("compare", "two", "two");
        assertThat(same.lines().filter(line -> line.contains("overlap@") || line.contains("rbo@")))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).endsWith("   1.000    1.000    1.000    1.000    1.000    1.000"));
        assertThat(same)
                .doesNotContain("least alike")
                .contains(
                        "user  60 in both, 0 only in the first, 0 only in the second; every row that was drawn is equal");

        run("compare", "one", "nowhere").assertMistake("release 'nowhere' is neither live, kept nor staged");
        run("compare", "one", "two", "--sample", 0).assertMistake("sample is 1 to 10000: 0");
        run("compare", "one", "two", "--html", directory.resolve("none/x.html"))
                .assertMistake("--html must name a file in a directory that is there");
        run("compare", "one").assertMistake("'B'");
        run("align", "one", "two")
                .assertMistake("an alignment of 4 values needs 100 shared ids at least: model=m has 61 in one and two");
        run("align", "one", "two", "--method", "magic")
                .assertMistake("a method is procrustes, affine, residual or auto");
        run("align", "one", "two", "--out", directory).assertMistake("--out goes with two directories");
    }

    @Test
    @Order(3)
    @DisplayName("Issue 17: a pinned release outlives publications, and is deleted once it is unpinned")
    void aReleaseIsPinnedAndDeleted() throws IOException {
        assertThat(done("releases", "pin", "one")).isEqualTo("one is pinned");
        done("publish", files("three", 3, true), "--release", "three", "--force", "--reason", "dealt anew");
        done("publish", files("four", 4, true), "--release", "four", "--force", "--reason", "dealt anew");
        assertThat(done("releases").lines().map(line -> line.replaceAll("\\s+.*", "")))
                .containsExactly("four", "three", "one");
        assertThat(done("releases")).contains("pinned");
        run("releases", "delete", "one").assertMistake("a pinned release cannot be deleted");
        run("releases", "delete", "four").assertMistake("the live release cannot be deleted");
        assertThat(done("releases", "unpin", "one")).startsWith("one is pinned no longer");
        assertThat(done("releases", "delete", "one")).startsWith("one is deleted");
        run("releases", "pin", "one").assertMistake("release 'one' is not kept");
    }
}
