package repscorer.api.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import repscorer.core.experiment.HoldOuts;
import repscorer.core.experiment.HoldOuts.HoldOut;
import repscorer.core.experiment.Schedule;
import repscorer.yaml.YamlFile;

/**
 * Reads {@code layers.yaml}: the layers that experiments may be in, and the units that experiments leave alone.
 *
 * @param declared the layers' names; empty where any name will do
 */
record LayersFile(Set<String> declared, HoldOuts holdOuts) {

    private static final String ALL = "all";

    LayersFile {
        declared = Set.copyOf(declared);
    }

    static LayersFile read(YamlFile yaml) {
        return ConfigNode.read(yaml, LayersFile::layers, "hold-out layers");
    }

    private static LayersFile layers(ConfigNode file) {
        HoldOut everywhere = holdOut(file.child("hold-out"), ALL);
        Map<String, HoldOut> layers = new LinkedHashMap<>();
        file.each(
                "layers",
                at -> {
                    String name = at.name("name");
                    if (layers.put(name, holdOut(at.child("hold-out"), name)) != null) {
                        throw at.error("name", "layer '%s' is declared twice".formatted(name));
                    }
                    return name;
                },
                "name hold-out");
        return new LayersFile(layers.keySet(), new HoldOuts(everywhere, layers));
    }

    private static HoldOut holdOut(ConfigNode at, String salt) {
        return at.read(held -> new HoldOut(share(held, 0.0), held.get("salt", salt)), "share salt");
    }

    /** A share in ten-thousandths. */
    static int share(ConfigNode at, double standard) {
        double share = at.get("share", standard);
        return at.checked("share", () -> Schedule.Step.tenThousandths(share));
    }
}
