package repscorer.api.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import repscorer.core.failure.ScorerException.Overloaded;

class ByteBudgetTest {

    @Test
    @DisplayName("S33: what all hold is bounded, what each has of its own is not touched, and all is given back")
    void isBounded() {
        ByteBudget budget = new ByteBudget(100_000);
        ByteBudget.Share one = budget.share();
        ByteBudget.Share two = budget.share();
        one.take(ByteBudget.OWN_BYTES);
        assertThat(budget.held()).isZero();
        one.take(60_000);
        assertThat(budget.held()).isEqualTo(60_000);
        two.take(ByteBudget.OWN_BYTES - 1);
        assertThatThrownBy(() -> two.take(40_002))
                .isInstanceOfSatisfying(
                        Overloaded.class, e -> assertThat(e.code()).isEqualTo("too-many-bytes"))
                .hasMessageContaining("100000 bytes");
        assertThat(budget.held()).isEqualTo(60_000);
        two.close();
        one.close();
        one.close();
        assertThat(budget.held()).isZero();
    }
}
