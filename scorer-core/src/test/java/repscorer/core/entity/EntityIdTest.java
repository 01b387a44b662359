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
}
