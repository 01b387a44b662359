package repscorer.benchmarks.parsers;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import repscorer.testing.Seeds;
import repscorer.testing.fuzz.Hostile;

/** The short form of {@code bin/prove fuzz-parsers}: valid bytes are read, and changed ones are read or refused as the parser tells. */
class ParserTargetTest {

    private static final int INPUTS = 150;

    @ParameterizedTest
    @EnumSource
    void changedBytesAreReadOrRefused(ParserTarget target) throws Exception {
        RandomGenerator random = Seeds.random(ParserTargetTest.class.getSimpleName() + " of " + target.word());
        List<byte[]> seeds = ParserSeeds.of(target);
        for (int i = 0; i < INPUTS; i++) {
            byte[] bytes = Hostile.mutated(seeds.get(i % seeds.size()), random);
            Assertions.assertTimeout(Duration.ofSeconds(20), () -> take(target, bytes));
        }
        assertThat(target.tells(new ArrayIndexOutOfBoundsException())).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"KEPT_PLAN", "ALIGNMENT"}) // made by what is not at hand here
    void validBytesAreRead(ParserTarget target) throws Exception {
        for (byte[] seed : ParserSeeds.of(target)) {
            target.read(seed);
        }
    }

    private static void take(ParserTarget target, byte[] bytes) {
        try {
            target.read(bytes);
        } catch (Exception e) {
            assertThat(target.tells(e))
                    .as("%s of %s: %s", e, target.word(), Base64.getEncoder().encodeToString(bytes))
                    .isTrue();
        }
    }
}
