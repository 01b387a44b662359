package repscorer.core.experiment;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What experiments may look at of a request, beside its surface and its unit.
 *
 * @param sourceKinds the kinds of its sources, {@value Experiment#VECTOR} for vectors; a list, which is looked through without an iterator
 * @param context what its caller tells of whom it asks for, by name
 */
public record Traits(List<String> sourceKinds, Map<String, String> context) {

    /** Of a request that tells nothing. */
    public static final Traits NONE = new Traits(List.of(), Map.of());

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    public Traits {
        sourceKinds = List.copyOf(sourceKinds);
        context = Map.copyOf(context);
    }

    public Traits(Set<String> sourceKinds, Map<String, String> context) {
        this(List.copyOf(sourceKinds), context);
    }

    /** Whether a context may have such a name. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }
}
