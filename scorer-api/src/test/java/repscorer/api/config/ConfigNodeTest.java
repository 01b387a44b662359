package repscorer.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import repscorer.core.entity.EntityKind;
import repscorer.core.rule.Rule;
import repscorer.yaml.ConfigException;

class ConfigNodeTest {

    @TempDir
    Path directory;

    private static final String KNOWN = "a b c w at list kinds max";

    private <T> T read(String text, Function<ConfigNode, T> reader) throws IOException {
        Path file = directory.resolve("f.yaml");
        Files.writeString(file, text);
        return ConfigNode.read(ServiceYaml.read(file), reader, KNOWN);
    }

    private <T> void reads(String text, Function<ConfigNode, T> reader, T value) throws IOException {
        assertThat(List.of(read(text, reader))).containsExactly(value);
    }

    private void refused(String text, Function<ConfigNode, ?> reader, String message) {
        assertThatThrownBy(() -> read(text, reader))
                .isInstanceOf(ConfigException.class)
                .hasMessage(directory.resolve("f.yaml") + message);
    }

    @Test
    void aKeyThatIsAbsentOrSaysNothingHasItsDefault() throws IOException {
        for (String text : List.of("", "a: \n", "a: null\n")) {
            reads(text, at -> at.get("a", 7), 7);
            reads(text, at -> at.get("a", Duration.ofDays(1)), Duration.ofDays(1));
            reads(text, at -> at.get("a", Rule.Mode.ON), Rule.Mode.ON);
            reads(text, at -> at.list("a", EntityKind.class), List.of());
            reads(text, at -> at.child("a").read(below -> below.get("x", true), "x"), true);
        }
    }

    @Test
    void valuesAreReadAsWhatTheyAre() throws IOException {
        reads("a: 8h", at -> at.get("a", Duration.class), Duration.ofHours(8));
        reads("a: dry-run", at -> at.get("a", Rule.Mode.ON), Rule.Mode.DRY_RUN);
        reads("kinds: [user]", at -> at.list("kinds", EntityKind.class), List.of(EntityKind.USER));
        reads("a: 3", at -> at.get("a", String.class), "3");
        reads("w: 2", at -> at.get("w", 1.0), 2.0);
    }

    @Test
    void whatIsNotKnownIsRefusedBeforeAnythingIsRead() {
        refused(
                "aa: 1\n",
                at -> at.get("a", Integer.class),
                " line 1: aa: unknown key; known are a, at, b, c, kinds, list, max, w");
        refused(
                "list:\n  - {a: 1}\n  - {b: 2}\n",
                at -> at.each("list", each -> each.get("a", 0), "a"),
                " line 3: list[1].b: unknown key; known are a");
    }

    @Test
    void whatIsKnownElsewhereIsRefusedWhereNobodyReadsIt() {
        refused(
                "a: 1\nb: 2\n",
                at -> {
                    int value = at.get("a", 0);
                    at.refuseUnread("is not for this");
                    return value;
                },
                " line 2: b: is not for this");
        refused(
                "a: 1\nb: 2\n",
                at -> {
                    at.refuse("c", "is not for this");
                    at.refuse("b", "is for that only");
                    return "";
                },
                " line 2: b: is for that only");
    }

    @Test
    void whatMustBeThereIsMissedAtThePlaceAroundIt() {
        refused("a: 1\n", at -> at.get("a", 0) + at.get("b", Integer.class), " line 1: b: is missing");
        refused(
                "a: 1\nat: {x: 1}\n",
                at -> at.child("at").read(x -> x.get("y", String.class), "x y"),
                " line 2: at.y: is missing");
        refused("a:\n", at -> at.require("a"), " line 1: a: is missing");
    }

    @Test
    void valuesThatDoNotFitAreToldWithTheirPlace() {
        refused("a: x\n", at -> at.get("a", 0), " line 1: a: must be a whole number");
        refused("a: 1.5\n", at -> at.get("a", 0), " line 1: a: must be a whole number: '1.5'");
        refused("a: [x]\n", at -> at.get("a", String.class), " line 1: a: must be text");
        refused("a: 3\n", at -> at.list("a", String.class), " line 1: a: must be a list");
        refused("a: [x, null]\n", at -> at.list("a", String.class), " line 1: a[1]: is missing");
        refused("a: 3\n", at -> at.child("a").read(below -> "", "x"), " line 1: a: must be keys and values");
        refused(
                "a: X\n",
                at -> at.name("a"),
                " line 1: a: must be 1 to 64 lower-case letters, digits and hyphens,"
                        + " beginning with a letter: 'X'");
        refused("a: maybe\n", at -> at.get("a", Rule.Mode.ON), " line 1: a: must be one of on, off, dry-run: 'maybe'");
        refused(
                "kinds: [User]\n",
                at -> at.list("kinds", EntityKind.class),
                " line 1: kinds[0]: a kind is 1 to 32"
                        + " lower-case letters, digits and hyphens, beginning with a letter: 'User'");
    }

    @Test
    void whatAValueRefusesItselfHasThePlaceOfItsKeys() {
        refused(
                "a: 1\nat: {max: 0}\n",
                at -> at.get("a", 0)
                        + at.child("at")
                                .read(cap -> new Rule.Cap("c", Rule.Mode.ON, "kind", cap.get("max", 1)), "max")
                                .max(),
                " line 2: at: max must be at least 1: 0 (rule c)");
    }
}
