package repscorer.ann;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SearchPlanTest {

    private static final int MILLION = 1_000_000;

    @Test
    void manyRowsAreSearchedThroughTheGraphWithTheWantedEf() {
        assertThat(plan(SearchOptions.of(10).withEf(50), MILLION)).isEqualTo(new SearchPlan(50, false));
        assertThat(plan(SearchOptions.of(80).withEf(50), MILLION)).isEqualTo(new SearchPlan(80, false));
    }

    @Test
    void aFilterAsksTheGraphForMoreInProportion() {
        assertThat(plan(SearchOptions.of(10).withEf(50), MILLION / 2)).isEqualTo(new SearchPlan(100, false));
        assertThat(plan(SearchOptions.of(10).withEf(50), MILLION / 3)).isEqualTo(new SearchPlan(151, false));
    }

    @Test
    void rareRowsAreScanned() {
        assertThat(plan(SearchOptions.of(10).withEf(50), MILLION / 100).scans()).isTrue();
        assertThat(plan(SearchOptions.of(10).withEf(50), 1).scans()).isTrue();
        assertThat(plan(SearchOptions.of(10), 0).scans()).isTrue();
    }

    @Test
    void fewRowsAndExactSearchesAreScanned() {
        assertThat(SearchPlan.of(SearchOptions.of(10), 1000, 1000, 1000, 192).scans())
                .isTrue();
        assertThat(plan(SearchOptions.of(10).exactly(), MILLION).scans()).isTrue();
        assertThat(SearchPlan.of(SearchOptions.of(10), MILLION, MILLION, 0, 192).scans())
                .isTrue();
    }

    @Test
    void aKNearTheCountIsScannedAndNothingOverflows() {
        assertThat(plan(SearchOptions.of(MILLION), MILLION).scans()).isTrue();
        assertThat(plan(SearchOptions.of(MILLION - 1), MILLION).scans()).isTrue();
        int max = Integer.MAX_VALUE;
        assertThat(SearchPlan.of(SearchOptions.of(10).withEf(max), max, max, max, 12 * 128)
                        .scans())
                .isTrue();
    }

    @Test
    void anEngineThatCanKeepsAcceptedRowsOnlyUnlessTheyAreRareOrMost() {
        assertThat(accepting(MILLION / 2)).isEqualTo(new SearchPlan(200, false));
        assertThat(accepting(MILLION / 2 - 1)).isEqualTo(new SearchPlan(100, true));
        assertThat(accepting(MILLION / 10)).isEqualTo(new SearchPlan(100, true));
        assertThat(accepting(MILLION / 1000).scans()).isTrue();
        assertThat(accepting(MILLION)).isEqualTo(new SearchPlan(100, false));
    }

    private static SearchPlan accepting(int accepted) {
        return SearchPlan.of(SearchOptions.of(10), 100, accepted, MILLION, MILLION, 32, true);
    }

    private static SearchPlan plan(SearchOptions options, int accepted) {
        return SearchPlan.of(options, accepted, MILLION, MILLION, 192);
    }
}
