package repscorer.core.entity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class SnowflakeTest {

    @Test
    void theTimeIsInTheUpperBits() {
        // A tweet of known time: 1541815603606036480 was written on 2022-06-28T16:07:40.105Z.
        assertThat(Snowflake.millis(EntityId.parse("tweet:1541815603606036480")))
                .hasValue(Instant.parse("2022-06-28T16:07:40.105Z").toEpochMilli());
        assertThat(Snowflake.millis(EntityId.parse("tweet:29700859247"))).isPresent();
    }

    @Test
    void smallIdsAndWordsTellNoTime() {
        assertThat(Snowflake.millis(EntityId.parse("tweet:29700859246"))).isEmpty();
        assertThat(Snowflake.millis(EntityId.parse("tweet:1"))).isEmpty();
        assertThat(Snowflake.millis(EntityId.parse("topic:jazz"))).isEmpty();
    }
}
