package repscorer.api.config;

import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import repscorer.api.config.Tenant.Quota;
import repscorer.core.plan.Limits;
import repscorer.yaml.YamlFile;

/** Reads {@code tenants.yaml}: which surfaces and spaces the keys of a tenant reach, and how much of them. */
final class TenantsFile {

    private static final String TENANTS = "tenants";

    private final Set<String> surfaces;
    private final Set<String> spaces;

    private TenantsFile(Set<String> surfaces, Set<String> spaces) {
        this.surfaces = surfaces;
        this.spaces = spaces;
    }

    /**
     * @param surfaces that are declared
     * @param spaces that are declared
     */
    static Map<String, Tenant> read(YamlFile yaml, Set<String> surfaces, Set<String> spaces) {
        return ConfigNode.read(yaml, new TenantsFile(surfaces, spaces)::tenants, TENANTS);
    }

    private Map<String, Tenant> tenants(ConfigNode file) {
        ConfigNode at = file.child(TENANTS);
        Map<String, Tenant> tenants = new TreeMap<>(at.byKey(
                (name, tenant) -> {
                    at.checkName(name, name);
                    return tenant(name, tenant);
                },
                "surfaces spaces quota"));
        if (tenants.size() > Tenant.TENANTS_MAX) {
            throw file.error(
                    TENANTS, "at most %s tenants are declared: %s".formatted(Tenant.TENANTS_MAX, tenants.size()));
        }
        return tenants;
    }

    private Tenant tenant(String name, ConfigNode at) {
        return new Tenant(
                name,
                names(at, "surfaces", "surface", surfaces),
                names(at, "spaces", "space", spaces),
                at.require("quota")
                        .child("quota")
                        .read(TenantsFile::quota, "requests-per-second burst k-max ef-max retrieve-max rows-per-day"));
    }

    private static Quota quota(ConfigNode at) {
        double rate = at.get("requests-per-second", Double.class);
        return new Quota(
                rate,
                at.get("burst", (int) Math.clamp(Math.ceil(rate), 1, Quota.BURST_MAX)),
                at.get("k-max", Limits.K_MAX),
                at.get("ef-max", Limits.EF_MAX),
                at.get("retrieve-max", Limits.RETRIEVE_MAX),
                at.get("rows-per-day", 0L));
    }

    private static SortedSet<String> names(ConfigNode at, String key, String kind, Set<String> declared) {
        SortedSet<String> names = new TreeSet<>(at.list(key, String.class));
        for (String name : names) {
            if (!declared.contains(name)) {
                throw at.error(
                        key,
                        "%s '%s' is not declared; declared are %s".formatted(kind, name, String.join(", ", declared)));
            }
        }
        return names;
    }
}
