package repscorer.codes;

/**
 * How codes are to be made.
 *
 * @param m units of a code, of {@link CodesMethod#PQ} and {@link CodesMethod#RESIDUAL}; 0 for an eighth of the dimension. The others
 *     have a unit for each dimension
 * @param bits of a unit, where the method leaves it open
 * @param trainingRows that a codebook is learnt from at most
 */
public record CodesOptions(CodesMethod method, int m, int bits, Rotation rotation, long seed, int trainingRows) {

    /** A matrix of a rotation has as many values squared. */
    public static final int TURNED_DIMENSION_MAX = 1024;

    public static final int M_MAX = 1024;
    public static final int TRAINING_ROWS_DEFAULT = 65_536;
    public static final int TRAINING_ROWS_MAX = 1 << 20;

    private static final int VALUES_A_UNIT = 8;

    public CodesOptions {
        int least = leastBits(method);
        int most = mostBits(method);
        if (bits < least || bits > most) {
            throw new IllegalArgumentException(
                    "bits of %s must be %s to %s: %s".formatted(method.word(), least, most, bits));
        }
        if (m < 0 || m > M_MAX || (m > 0 && !hasUnits(method))) {
            throw new IllegalArgumentException(
                    hasUnits(method)
                            ? "m must be 1 to %s, or 0 for an eighth of the dimension: %s".formatted(M_MAX, m)
                            : "m is for pq and residual only: %s".formatted(m));
        }
        boolean turns = method != CodesMethod.FLOAT16 && method != CodesMethod.INT8;
        if (rotation != Rotation.NONE && !turns) {
            throw new IllegalArgumentException(
                    "rows of %s are not turned: %s".formatted(method.word(), rotation.word()));
        }
        if (rotation == Rotation.LEARNED && method == CodesMethod.RABITQ) {
            throw new IllegalArgumentException("rotation of rabitq must be none or random: learned");
        }
        if (trainingRows < 1 || trainingRows > TRAINING_ROWS_MAX) {
            throw new IllegalArgumentException(
                    "training-rows must be 1 to %s: %s".formatted(TRAINING_ROWS_MAX, trainingRows));
        }
    }

    /** The method with its own defaults. */
    public static CodesOptions of(CodesMethod method) {
        return of(method, 0, defaultBits(method));
    }

    /** The method with its own rotation, the default seed and sample. */
    public static CodesOptions of(CodesMethod method, int m, int bits) {
        return new CodesOptions(method, m, bits, defaultRotation(method), 42, TRAINING_ROWS_DEFAULT);
    }

    public static int defaultBits(CodesMethod method) {
        return switch (method) {
            case FLOAT16 -> 16;
            case INT8, PQ, RESIDUAL -> 8;
            case RABITQ -> 4;
        };
    }

    public static Rotation defaultRotation(CodesMethod method) {
        return switch (method) {
            case FLOAT16, INT8, RESIDUAL -> Rotation.NONE;
            case PQ -> Rotation.LEARNED;
            case RABITQ -> Rotation.RANDOM;
        };
    }

    private static int leastBits(CodesMethod method) {
        return switch (method) {
            case FLOAT16 -> 16;
            case INT8 -> 8;
            case PQ, RESIDUAL -> 4;
            case RABITQ -> 1;
        };
    }

    private static int mostBits(CodesMethod method) {
        return method == CodesMethod.FLOAT16 ? 16 : 8;
    }

    private static boolean hasUnits(CodesMethod method) {
        return method == CodesMethod.PQ || method == CodesMethod.RESIDUAL;
    }

    /**
     * Throws when rows of a dimension cannot be coded so.
     *
     * @throws IllegalArgumentException naming the rule and the value
     */
    public void check(int dimension) {
        if (method == CodesMethod.PQ && units(dimension) > dimension) {
            throw new IllegalArgumentException(
                    "m of pq must be at most the dimension, %s: %s".formatted(dimension, units(dimension)));
        }
        if (rotation != Rotation.NONE && dimension > TURNED_DIMENSION_MAX) {
            throw new IllegalArgumentException(
                    "rows are turned up to dimension %s: %s".formatted(TURNED_DIMENSION_MAX, dimension));
        }
    }

    /** How many units a code of such a row has. */
    public int units(int dimension) {
        if (!hasUnits(method)) {
            return dimension;
        }
        return m > 0 ? m : Math.max(1, dimension / VALUES_A_UNIT);
    }

    /** Bytes of a row's code. */
    public int rowBytes(int dimension) {
        return Bits.bytes(units(dimension), bits) + (method == CodesMethod.RABITQ ? Short.BYTES : 0);
    }

    /** The fewest rows that a codebook is learnt from. */
    public int rowsMin() {
        return hasUnits(method) ? 1 << bits : 1;
    }
}
