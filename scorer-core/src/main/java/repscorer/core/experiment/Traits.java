package repscorer.core.experiment;

import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What experiments may look at of a request, beside its surface and its unit.
 *
 * @param sourceKinds the kinds of its sources, {@value Experiment#VECTOR} for vectors
 * @param context what its caller tells of whom it asks for, by name
 */
public record Traits(Set<String> sourceKinds, Map<String, String> context) {

    /** Of a request that tells nothing. */
    public static final Traits NONE = new Traits(Set.of(), Map.of());

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    public Traits {
        sourceKinds = Set.copyOf(sourceKinds);
        context = Map.copyOf(context);
    }

    /** Whether a context may have such a name. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }
}
