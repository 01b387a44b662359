package repscorer.core.drift;

import java.util.List;

/**
 * How two releases differ.
 *
 * @param a the name of the release that is compared from, such as the live one
 * @param b the name of the release that is compared to
 * @param onlyA spaces that the first release has alone
 * @param spaces those that both have, in the order of their names
 */
public record DriftReport(
        String a,
        String b,
        DriftOptions options,
        List<String> onlyA,
        List<String> onlyB,
        List<SpaceDrift> spaces,
        List<SurfaceDrift> surfaces) {

    public DriftReport {
        onlyA = List.copyOf(onlyA);
        onlyB = List.copyOf(onlyB);
        spaces = List.copyOf(spaces);
        surfaces = List.copyOf(surfaces);
    }
}
