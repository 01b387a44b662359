package repscorer.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import repscorer.core.entity.EntityId;
import repscorer.core.entity.EntityKind;

/** A store is the same wherever it was written and wherever it is read. */
class LocalesTest {

    @TempDir
    Path directory;

    private final Locale locale = Locale.getDefault();
    private final TimeZone zone = TimeZone.getDefault();

    @AfterEach
    void comeHome() {
        Locale.setDefault(locale);
        TimeZone.setDefault(zone);
    }

    private static void move(String tag, String zone) {
        Locale.setDefault(Locale.forLanguageTag(tag));
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
    }

    private RepresentationStore open() {
        return RepresentationStore.open(directory.resolve("store"), StoreFixture.SPACES, StoreFixture.OPTIONS);
    }

    private static boolean serves(RepresentationStore store, int id) {
        return store.current()
                .space("a")
                .orElseThrow()
                .ordinal(EntityId.of(EntityKind.USER, id))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "en-US, ne-NP, Asia/Kathmandu",
        "ne-NP, en-US, UTC",
        "ne-NP, ne-NP, Asia/Kathmandu",
        "ar-EG, tr-TR, Pacific/Kiritimati",
        "tr-TR, ar-EG, America/St_Johns",
        "th-TH-u-ca-buddhist-nu-thai, fa-IR, Asia/Tehran"
    })
    @DisplayName("S19 changes that were accepted are served after a restart in another place")
    void aStoreIsReadElsewhere(String written, String read, String zone) throws IOException {
        move(written, "UTC");
        try (RepresentationStore store = open()) {
            StoreFixture.publish(store, "r1", 1, directory);
            assertThat(store.apply("r1", "a", "p", List.of(StoreFixture.upsert(77, 1, 2))))
                    .containsExactly(new Outcome.Accepted(1));
        }
        move(read, zone);
        try (RepresentationStore store = open()) {
            assertThat(store.findings()).isEmpty();
            assertThat(store.current().release()).isEqualTo("r1");
            assertThat(serves(store, 77)).isTrue();
            assertThat(store.apply("r1", "a", "p", List.of(StoreFixture.upsert(78, 1, 2))))
                    .containsExactly(new Outcome.Accepted(2));
            store.compact("a", PublicationListener.NONE);
            store.apply("r1", "a", "p", List.of(StoreFixture.upsert(79, 1, 2)));
        }
        move(written, "UTC");
        try (RepresentationStore store = open()) {
            assertThat(store.findings()).isEmpty();
            assertThat(List.of(serves(store, 77), serves(store, 78), serves(store, 79)))
                    .containsOnly(true);
        }
        try (Stream<Path> files = Files.walk(directory.resolve("store"))) {
            assertThat(files.map(Path::toString)).allMatch(name -> name.chars().allMatch(c -> c < 128));
        }
    }
}
