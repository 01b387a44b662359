package repscorer.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProducerNumbersTest {

    @Test
    void numbersOfAProducerAscendAndCountWhenTheirGroupIsAccepted() {
        ProducerNumbers numbers = new ProducerNumbers(Map.of("a", 7L));
        numbers.begin();
        assertThat(numbers.offer("a", 7)).isEqualTo(7);
        assertThat(numbers.offer("a", 9)).isEqualTo(ProducerNumbers.ACCEPTED);
        assertThat(numbers.offer("a", 8)).as("in the same group").isEqualTo(9);
        assertThat(numbers.offer("b", 0)).isEqualTo(ProducerNumbers.ACCEPTED);
        assertThat(numbers.highest()).containsExactly(Map.entry("a", 7L));
        numbers.begin();
        assertThat(numbers.offer("a", 8)).as("the group was never accepted").isEqualTo(ProducerNumbers.ACCEPTED);
        numbers.accept();
        assertThat(numbers.highest()).containsExactly(Map.entry("a", 8L));
    }

    @Test
    void thereAreOnlySoManyProducers() {
        Map<String, Long> known = new HashMap<>();
        for (int i = 1; i < ProducerNumbers.PRODUCERS_MAX; i++) {
            known.put("p" + i, 1L);
        }
        ProducerNumbers numbers = new ProducerNumbers(known);
        numbers.begin();
        assertThat(numbers.offer("last", 1)).isEqualTo(ProducerNumbers.ACCEPTED);
        assertThat(numbers.offer("too many", 1)).isEqualTo(ProducerNumbers.TOO_MANY);
        assertThat(numbers.offer("p1", 2)).isEqualTo(ProducerNumbers.ACCEPTED);
    }
}
