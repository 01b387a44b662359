package repscorer.core.align;

import java.util.Locale;
import java.util.Optional;

/** What an adapter is made of. */
public enum AlignmentMethod {
    /** A rotation, reflections included: lengths and angles stay. */
    PROCRUSTES,
    /** The linear map and shift of least squares, of lower rank where that costs nothing. */
    AFFINE,
    /** An affine map and a small network that corrects it. */
    RESIDUAL;

    /** How files and requests write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<AlignmentMethod> of(String word) {
        for (AlignmentMethod each : values()) {
            if (each.word().equals(word)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }
}
