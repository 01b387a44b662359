package repscorer.core.entity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IdTableTest {

    @Test
    void findsWhatAMapFinds() {
        SplittableRandom random = new SplittableRandom(7);
        Map<EntityId, Integer> model = new HashMap<>();
        List<EntityId> ids = new ArrayList<>();
        List<EntityKind> kinds = List.of(EntityKind.USER, EntityKind.TWEET, new EntityKind("u"));
        while (ids.size() < 5_000) {
            EntityId id = EntityId.of(kinds.get(random.nextInt(3)), Long.toString(random.nextInt(4_000), 36) + "é");
            if (model.putIfAbsent(id, ids.size()) == null) {
                ids.add(id);
            }
        }
        IdTable table = IdTable.copyOf(ids);
        table.verify();
        assertThat(table.count()).isEqualTo(5_000);
        for (int i = 0; i < ids.size(); i++) {
            assertThat(table.id(i)).isEqualTo(ids.get(i));
        }
        for (EntityKind kind : kinds) {
            for (int value = 0; value < 4_000; value++) {
                EntityId id = EntityId.of(kind, Integer.toString(value, 36) + "é");
                Integer expected = model.get(id);
                assertThat(table.ordinal(id))
                        .isEqualTo(expected == null ? OptionalInt.empty() : OptionalInt.of(expected));
            }
        }
    }

    @Test
    void tellsKindsApartThatShareAValueOrAPrefix() {
        EntityId user = EntityId.of(EntityKind.USER, 12);
        EntityId tweet = EntityId.of(EntityKind.TWEET, 12);
        EntityId colons = EntityId.of(EntityKind.USER, "a:b");
        IdTable table = IdTable.copyOf(List.of(user, tweet, colons));
        assertThat(table.ordinal(user)).hasValue(0);
        assertThat(table.ordinal(tweet)).hasValue(1);
        assertThat(table.ordinal(colons)).hasValue(2);
        assertThat(table.ordinal(EntityId.of(new EntityKind("use"), "r:12"))).isEmpty();
        assertThat(table.id(2)).isEqualTo(colons);
    }

    @Test
    void holdsNothingAndOne() {
        IdTable none = IdTable.copyOf(List.of());
        none.verify();
        assertThat(none.ordinal(EntityId.of(EntityKind.USER, 1))).isEmpty();
        IdTable one = IdTable.copyOf(List.of(EntityId.of(EntityKind.USER, "x".repeat(256))));
        one.verify();
        assertThat(one.ordinal(EntityId.of(EntityKind.USER, "x".repeat(256)))).hasValue(0);
    }

    @Test
    void refusesAnIdTwiceAndAnOrdinalOutside() {
        EntityId id = EntityId.of(EntityKind.USER, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IdTable.copyOf(List.of(id, EntityId.of(EntityKind.USER, 2), id)))
                .withMessage("ids must differ: user:1 is there twice");
        IdTable table = IdTable.copyOf(List.of(id));
        assertThatThrownBy(() -> table.id(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> table.id(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    /** Every single changed byte is noticed, and never by anything but an IllegalArgumentException. */
    @Test
    void verifyNoticesEveryChangedByte() {
        List<EntityId> ids = List.of(
                EntityId.parse("user:1"),
                EntityId.parse("user:22"),
                EntityId.parse("tweet:é"),
                EntityId.parse("user:9"));
        MemorySegment whole = IdTable.copyOf(ids).segment();
        for (long at = 0; at < whole.byteSize(); at++) {
            for (int flip : new int[] {0x01, 0x80, 0xff}) {
                MemorySegment copy = Arena.ofAuto().allocate(whole.byteSize(), 8);
                copy.copyFrom(whole);
                byte before = copy.get(ValueLayout.JAVA_BYTE, at);
                copy.set(ValueLayout.JAVA_BYTE, at, (byte) (before ^ flip));
                assertSameOrRefused(copy, ids);
            }
        }
        for (long length = 0; length < whole.byteSize(); length++) {
            MemorySegment cut = whole.asSlice(0, length);
            assertThatIllegalArgumentException().isThrownBy(() -> IdTable.of(cut));
        }
    }

    @Test
    void tellsEveryByteOfEveryLength() {
        for (String letter : List.of("x", "é", "😀")) {
            for (int length = 1; length <= 40; length++) {
                String value = letter.repeat(length);
                EntityId id = EntityId.of(EntityKind.USER, value);
                IdTable table = IdTable.copyOf(List.of(id));

                assertThat(table.ordinal(id)).hasValue(0);
                assertThat(table.id(0)).isEqualTo(id);
                for (int at = 0; at < length; at++) {
                    String other = letter.repeat(at)
                            + (letter.equals("x") ? "y" : letter.equals("é") ? "è" : "😁")
                            + letter.repeat(length - at - 1);
                    assertThat(table.ordinal(EntityId.of(EntityKind.USER, other)))
                            .as(other)
                            .isEmpty();
                }
            }
        }
    }

    private static void assertSameOrRefused(MemorySegment changed, List<EntityId> ids) {
        IdTable table;
        try {
            table = IdTable.of(changed);
            table.verify();
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageNotContaining("null");
            return;
        }
        // A changed letter makes another valid id only if the slots agree with it, which the hash forbids but for luck.
        for (int i = 0; i < ids.size(); i++) {
            assertThat(table.ordinal(table.id(i))).hasValue(i);
        }
    }
}
