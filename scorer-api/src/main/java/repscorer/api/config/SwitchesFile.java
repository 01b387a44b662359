package repscorer.api.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import repscorer.core.experiment.Switches;
import repscorer.core.experiment.Switches.Kind;
import repscorer.core.experiment.Switches.Part;
import repscorer.yaml.YamlFile;

/** Reads {@code switches.yaml}: what is served to a share of those who ask. */
final class SwitchesFile {

    private final Set<String> surfaces;
    private final Set<String> spaces;

    private SwitchesFile(Set<String> surfaces, Set<String> spaces) {
        this.surfaces = surfaces;
        this.spaces = spaces;
    }

    /**
     * @param surfaces that are declared
     * @param spaces that are declared
     */
    static Switches read(YamlFile yaml, Set<String> surfaces, Set<String> spaces) {
        return ConfigNode.read(yaml, new SwitchesFile(surfaces, spaces)::switches, "surfaces spaces releases callers");
    }

    private Switches switches(ConfigNode file) {
        Map<Part, Integer> shares = new HashMap<>();
        for (Kind kind : Kind.values()) {
            ConfigNode at = file.child(kind + "s");
            at.forEachKey(Integer.class, (name, share) -> {
                declared(kind, name, complaint -> {
                    throw at.error(name, complaint);
                });
                if (share < 0 || share > Switches.WHOLE) {
                    throw at.error(name, "must be 0 to %s: %s".formatted(Switches.WHOLE, share));
                }
                shares.put(new Part(kind, name), share);
            });
        }
        return new Switches(shares);
    }

    private void declared(Kind kind, String name, Consumer<String> complain) {
        Set<String> names = kind == Kind.SURFACE ? surfaces : kind == Kind.SPACE ? spaces : Set.of(name);
        if (!names.contains(name)) {
            complain.accept("%s '%s' is not declared; declared are %s".formatted(kind, name, String.join(", ", names)));
        }
    }
}
