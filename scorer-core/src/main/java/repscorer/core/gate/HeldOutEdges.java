package repscorer.core.gate;

import java.util.Map;
import java.util.Set;
import repscorer.core.entity.EntityId;

/** What sources went on to, which no training has seen: by surface and source. */
public record HeldOutEdges(Map<String, Map<EntityId, Set<EntityId>>> bySurface) {

    /** None. */
    public static final HeldOutEdges NONE = new HeldOutEdges(Map.of());

    public HeldOutEdges {
        bySurface = Map.copyOf(bySurface);
    }
}
