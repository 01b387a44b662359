package repscorer.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Which column of a matrix is least for a row, in SIMD, for {@link PanamaKernels}. */
final class PanamaNearestKernels {

    /*
     * Where rows have few values, writing all sums and reading them again costs more than the sums. Each lane keeps the least sum it
     * met and where; lanes are compared once, at the end. Sums are taken in the order of PanamaProductKernels, so that the least is the
     * same column. Four rows at a time read the matrix once for all of them.
     */

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    private static final FloatVector FIRST_PLACES = FloatVector.zero(SPECIES).addIndex(1);

    /** Places are kept as floats: they are exact up to here. */
    private static final int COLUMNS_MAX = 1 << 24;

    private PanamaNearestKernels() {}

    /** Whether columns fill lanes, and their places floats. */
    static boolean suits(int out) {
        return out % (2 * LANES) == 0 && out <= COLUMNS_MAX;
    }

    static void leastOfProducts(
            float[] x, int rows, int in, float[] m, int out, float[] begun, int[] into, int intoAt, int intoStride) {
        int row = 0;
        int place = intoAt;
        for (; row + 4 <= rows; row += 4, place += 4 * intoStride) {
            ofFour(x, row * in, in, m, out, begun, into, place, intoStride);
        }
        for (; row < rows; row++, place += intoStride) {
            into[place] = ofOne(x, row * in, in, m, out, begun);
        }
    }

    private static void ofFour(
            float[] x, int x0, int in, float[] m, int out, float[] begun, int[] into, int intoAt, int intoStride) {
        int x1 = x0 + in;
        int x2 = x1 + in;
        int x3 = x2 + in;
        FloatVector least0 = FloatVector.broadcast(SPECIES, Float.POSITIVE_INFINITY);
        FloatVector least1 = least0;
        FloatVector least2 = least0;
        FloatVector least3 = least0;
        FloatVector places = FIRST_PLACES;
        FloatVector place0 = places;
        FloatVector place1 = places;
        FloatVector place2 = places;
        FloatVector place3 = places;
        for (int column = 0; column < out; column += 2 * LANES) {
            FloatVector sum0 = load(begun, column);
            FloatVector sum1 = sum0;
            FloatVector sum2 = sum0;
            FloatVector sum3 = sum0;
            FloatVector next0 = load(begun, column + LANES);
            FloatVector next1 = next0;
            FloatVector next2 = next0;
            FloatVector next3 = next0;
            for (int i = 0, at = column; i < in; i++, at += out) {
                FloatVector values = load(m, at);
                FloatVector next = load(m, at + LANES);
                FloatVector a = FloatVector.broadcast(SPECIES, x[x0 + i]);
                sum0 = a.fma(values, sum0);
                next0 = a.fma(next, next0);
                FloatVector b = FloatVector.broadcast(SPECIES, x[x1 + i]);
                sum1 = b.fma(values, sum1);
                next1 = b.fma(next, next1);
                FloatVector c = FloatVector.broadcast(SPECIES, x[x2 + i]);
                sum2 = c.fma(values, sum2);
                next2 = c.fma(next, next2);
                FloatVector d = FloatVector.broadcast(SPECIES, x[x3 + i]);
                sum3 = d.fma(values, sum3);
                next3 = d.fma(next, next3);
            }
            VectorMask<Float> less = sum0.lt(least0);
            place0 = place0.blend(places, less);
            least0 = least0.blend(sum0, less);
            less = sum1.lt(least1);
            place1 = place1.blend(places, less);
            least1 = least1.blend(sum1, less);
            less = sum2.lt(least2);
            place2 = place2.blend(places, less);
            least2 = least2.blend(sum2, less);
            less = sum3.lt(least3);
            place3 = place3.blend(places, less);
            least3 = least3.blend(sum3, less);
            places = places.add(LANES);
            less = next0.lt(least0);
            place0 = place0.blend(places, less);
            least0 = least0.blend(next0, less);
            less = next1.lt(least1);
            place1 = place1.blend(places, less);
            least1 = least1.blend(next1, less);
            less = next2.lt(least2);
            place2 = place2.blend(places, less);
            least2 = least2.blend(next2, less);
            less = next3.lt(least3);
            place3 = place3.blend(places, less);
            least3 = least3.blend(next3, less);
            places = places.add(LANES);
        }
        into[intoAt] = first(least0, place0);
        into[intoAt + intoStride] = first(least1, place1);
        into[intoAt + 2 * intoStride] = first(least2, place2);
        into[intoAt + 3 * intoStride] = first(least3, place3);
    }

    private static int ofOne(float[] x, int xAt, int in, float[] m, int out, float[] begun) {
        FloatVector least = FloatVector.broadcast(SPECIES, Float.POSITIVE_INFINITY);
        FloatVector places = FIRST_PLACES;
        FloatVector place = places;
        for (int column = 0; column < out; column += LANES) {
            FloatVector sum = load(begun, column);
            for (int i = 0, at = column; i < in; i++, at += out) {
                sum = FloatVector.broadcast(SPECIES, x[xAt + i]).fma(load(m, at), sum);
            }
            VectorMask<Float> less = sum.lt(least);
            place = place.blend(places, less);
            least = least.blend(sum, less);
            places = places.add(LANES);
        }
        return first(least, place);
    }

    /** The first of the places whose lane has the least of all. */
    private static int first(FloatVector least, FloatVector place) {
        VectorMask<Float> others = least.compare(VectorOperators.GT, least.reduceLanes(VectorOperators.MIN));
        return (int) place.blend(COLUMNS_MAX, others).reduceLanes(VectorOperators.MIN);
    }

    private static FloatVector load(float[] values, int from) {
        return FloatVector.fromArray(SPECIES, values, from);
    }
}
