package repscorer.training.twhin;

import java.util.SplittableRandom;
import repscorer.training.plan.TwhinPlan.Operator;
import repscorer.vector.VectorOps;

/** What relations do to vectors, and the slopes of that; loops over rows of {@code d} values. */
final class Operators {

    /*
     * An edge scores op(h, θ)ᵀ t. Seen from the tail it is hᵀ q + c, where q is the adjoint of the operator applied to t, and
     * c = θᵀ t for a translation, else 0. So either end can be sought among many rows by one product of matrices.
     */

    private Operators() {}

    /** {@code q = op(x, θ)}, or with {@code adjoint} the q for which {@code op(h, θ)ᵀ x = hᵀ q + c}. */
    static void apply(
            Operator operator,
            boolean adjoint,
            float[] x,
            int xAt,
            float[] theta,
            int thetaAt,
            float[] q,
            int qAt,
            int d) {
        switch (operator) {
            case IDENTITY -> System.arraycopy(x, xAt, q, qAt, d);
            case TRANSLATION -> {
                System.arraycopy(x, xAt, q, qAt, d);
                if (!adjoint) {
                    VectorOps.addScaled(q, qAt, 1, theta, thetaAt, d);
                }
            }
            case DIAGONAL -> {
                for (int j = 0; j < d; j++) {
                    q[qAt + j] = x[xAt + j] * theta[thetaAt + j];
                }
            }
            case COMPLEX_DIAGONAL -> {
                int half = d / 2;
                float sign = adjoint ? -1 : 1; // the adjoint multiplies by the conjugate
                for (int j = 0; j < half; j++) {
                    float re = x[xAt + j];
                    float im = x[xAt + half + j];
                    float thetaRe = theta[thetaAt + j];
                    float thetaIm = sign * theta[thetaAt + half + j];
                    q[qAt + j] = re * thetaRe - im * thetaIm;
                    q[qAt + half + j] = re * thetaIm + im * thetaRe;
                }
            }
        }
    }

    /** Adds the slopes by x and θ that follow from the slopes {@code g} by q. */
    static void addSlopes(
            Operator operator,
            boolean adjoint,
            float[] g,
            int gAt,
            float[] x,
            int xAt,
            float[] theta,
            int thetaAt,
            float[] byX,
            int byXAt,
            float[] byTheta,
            int byThetaAt,
            int d) {
        switch (operator) {
            case IDENTITY -> VectorOps.addScaled(byX, byXAt, 1, g, gAt, d);
            case TRANSLATION -> {
                VectorOps.addScaled(byX, byXAt, 1, g, gAt, d);
                if (!adjoint) {
                    VectorOps.addScaled(byTheta, byThetaAt, 1, g, gAt, d);
                }
            }
            case DIAGONAL -> {
                for (int j = 0; j < d; j++) {
                    float slope = g[gAt + j];
                    byX[byXAt + j] += slope * theta[thetaAt + j];
                    byTheta[byThetaAt + j] += slope * x[xAt + j];
                }
            }
            case COMPLEX_DIAGONAL -> {
                int half = d / 2;
                float sign = adjoint ? -1 : 1;
                for (int j = 0; j < half; j++) {
                    float re = x[xAt + j];
                    float im = x[xAt + half + j];
                    float thetaRe = theta[thetaAt + j];
                    float thetaIm = sign * theta[thetaAt + half + j];
                    float gRe = g[gAt + j];
                    float gIm = g[gAt + half + j];
                    byX[byXAt + j] += gRe * thetaRe + gIm * thetaIm;
                    byX[byXAt + half + j] += gIm * thetaRe - gRe * thetaIm;
                    byTheta[byThetaAt + j] += gRe * re + gIm * im;
                    byTheta[byThetaAt + half + j] += sign * (gIm * re - gRe * im);
                }
            }
        }
    }

    /** Adds the slopes of {@code scale · Σ |x|³ / 3}, where complex values count by their modulus. */
    static void addCubeSlopes(Operator operator, float scale, float[] x, int xAt, float[] g, int gAt, int d) {
        if (operator == Operator.COMPLEX_DIAGONAL) {
            int half = d / 2;
            for (int j = 0; j < half; j++) {
                float re = x[xAt + j];
                float im = x[xAt + half + j];
                float modulus = scale * (float) Math.sqrt(re * re + im * im);
                g[gAt + j] += modulus * re;
                g[gAt + half + j] += modulus * im;
            }
        } else {
            for (int j = 0; j < d; j++) {
                g[gAt + j] += scale * Math.abs(x[xAt + j]) * x[xAt + j];
            }
        }
    }

    /** Values by which a row is multiplied so that each is left out with probability {@code share} and keeps its mean. */
    static void drop(double share, float[] mask, int n, SplittableRandom random) {
        float kept = (float) (1 / (1 - share));
        int threshold = (int) (share * (1L << 31));
        for (int j = 0; j < n; j++) {
            mask[j] = (random.nextInt() >>> 1) < threshold ? 0 : kept;
        }
    }
}
