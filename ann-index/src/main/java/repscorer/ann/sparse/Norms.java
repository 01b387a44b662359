package repscorer.ann.sparse;

import repscorer.ann.SparseSearchOptions.Ranking;

/** What a ranking divides an inner product by: a norm of the source and a norm of the item, each from a sum of squares. */
final class Norms {

    /** The rankings differ on the item's side in this many ways. */
    static final int ITEM_NORMS = 4;

    private static final double EXPONENT = 0.3;

    private Norms() {}

    /** Which of the item norms a ranking has; {@link Ranking#COSINE} and its form without the source's norm share one. */
    static int itemNorm(Ranking ranking) {
        return switch (ranking) {
            case DOT -> 0;
            case COSINE, COSINE_NO_SOURCE_NORM -> 1;
            case LOG_COSINE -> 2;
            case EXP_SCALED_COSINE -> 3;
        };
    }

    static double item(int itemNorm, double squares) {
        return switch (itemNorm) {
            case 0 -> 1;
            case 1 -> Math.sqrt(squares);
            case 2 -> Math.log1p(squares);
            case 3 -> Math.pow(squares, EXPONENT);
            default -> throw new IllegalArgumentException("no such norm: " + itemNorm);
        };
    }

    static double source(Ranking ranking, double squares) {
        return ranking == Ranking.COSINE_NO_SOURCE_NORM ? 1 : item(itemNorm(ranking), squares);
    }
}
