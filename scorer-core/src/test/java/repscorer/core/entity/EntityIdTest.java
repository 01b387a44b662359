package repscorer.core.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EntityIdTest {

    @Test
    void ordersByKindThenNumbersThenText() {
        List<EntityId> sorted = new ArrayList<>(List.of(
                EntityId.parse("tweet:3"),
                EntityId.parse("user:2"),
                EntityId.parse("user:10"),
                EntityId.parse("user:9223372036854775807"),
                EntityId.parse("user:007"),
                EntityId.parse("user:9223372036854775808"),
                EntityId.parse("user:a"),
                EntityId.parse("user:é")));
        List<EntityId> shuffled = new ArrayList<>(sorted);
        Collections.shuffle(shuffled, new Random(1));
        Collections.sort(shuffled);
        assertThat(shuffled).isEqualTo(sorted);
    }

    @Test
    void keepsColonsInTheValue() {
        EntityId id = EntityId.parse("url:https://a.example/b");
        assertThat(id.kind().name()).isEqualTo("url");
        assertThat(id.value()).isEqualTo("https://a.example/b");
        assertThat(EntityId.parse(id.toString())).isEqualTo(id);
    }

    @Test
    void countsBytesNotLetters() {
        for (String value : List.of("é".repeat(128), "\uD83D\uDE00".repeat(64), "漢".repeat(85), "x".repeat(256))) {
            assertThat(value.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(256);
            assertThat(EntityId.of(EntityKind.USER, value).value()).isEqualTo(value);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> EntityId.of(EntityKind.USER, value + "é"))
                    .withMessageContaining("an id's value is 1 to 256 bytes");
        }
    }

    @Test
    void refusesWhatIsNoId() {
        for (String bad : List.of(
                "", "user", ":12", "user:", "User:1", "user:a\nb", "user:\u007f", "user:\uD800", "user:\uDC00x")) {
            assertThatIllegalArgumentException().as(bad).isThrownBy(() -> EntityId.parse(bad));
        }
    }

    @Test
    void aKindIsWhatItsPatternSays() {
        // The rule as a pattern, which the product does not use.
        String rule = "[a-z][a-z0-9-]{0,31}";
        List<String> names = new ArrayList<>(
                List.of("", "user", "a", "tweet-2", "-a", "2a", "User", "usér", "user:", "us er", "tw\n", "user\n"));
        names.add("a".repeat(32));
        names.add("a".repeat(33));
        for (char c = 0; c < 256; c++) {
            names.add("a" + c);
            names.add(c + "a");
        }
        for (String name : names) {
            if (name.matches(rule)) {
                assertThat(EntityId.parse(name + ":1")).isEqualTo(EntityId.of(new EntityKind(name), 1));
            } else {
                assertThatIllegalArgumentException()
                        .as(name)
                        .isThrownBy(() -> new EntityKind(name))
                        .withMessageContaining("a kind is 1 to 32");
            }
        }
    }
}
