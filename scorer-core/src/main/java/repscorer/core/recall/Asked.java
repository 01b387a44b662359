package repscorer.core.recall;

import java.util.List;
import java.util.Optional;
import repscorer.core.answer.Provenance;

/**
 * For whom a search was.
 *
 * @param release that it read
 * @param arms the experiments that its unit is in
 * @param unit what they were assigned by
 */
public record Asked(String release, List<Provenance.Assigned> arms, Optional<String> unit) {

    public Asked {
        arms = List.copyOf(arms);
    }
}
