package repscorer.vector;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The kernels over rows of a byte a value in SIMD; otherwise as {@link PanamaKernels}. */
final class PanamaByteKernels {

    /*
     * The kernels of bytes are written out, two rows a step, and not made of small methods: so large a method is compiled
     * by itself, with every vector in a register. Inlined into a caller that is large already, vectors become objects, and a
     * search allocates a hundred kilobytes (HnswSearchBenchmark -prof gc).
     */

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    /* Bytes are widened to 16 bits as they are loaded, so a register of bytes is half as wide. */
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED.length() > ByteRows.PAD
            ? ShortVector.SPECIES_512
            : ShortVector.SPECIES_PREFERRED;
    private static final int SHORT_LANES = SHORTS.length();
    private static final int BLOCK = 4 * SHORT_LANES;
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(SHORTS.vectorBitSize() / 2));
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SHORTS.vectorShape());

    private PanamaByteKernels() {}

    /** As {@link Kernels#dots(short[], MemorySegment, int[], int, int[])}. */
    static void dots(short[] query, MemorySegment rows, int[] ordinals, int n, int[] into) {
        if (query.length == BLOCK) {
            dotsOfOneBlock(query, rows, ordinals, n, into);
        } else if (query.length == BLOCK / 2) {
            dotsOfHalfABlock(query, rows, ordinals, n, into);
        } else {
            dotsOfAnyLength(query, rows, ordinals, n, into);
        }
    }

    /** Rows of 128 bytes on registers of 512 bits, the commonest: the query stays in registers from row to row. */
    private static void dotsOfOneBlock(short[] query, MemorySegment rows, int[] ordinals, int n, int[] into) {
        ShortVector query0 = ShortVector.fromArray(SHORTS, query, 0);
        ShortVector query1 = ShortVector.fromArray(SHORTS, query, SHORT_LANES);
        ShortVector query2 = ShortVector.fromArray(SHORTS, query, 2 * SHORT_LANES);
        ShortVector query3 = ShortVector.fromArray(SHORTS, query, 3 * SHORT_LANES);
        for (int i = 0; i < n; i += 2) {
            int second = Math.min(i + 1, n - 1); // the last row of an odd number is scored twice
            long one = (long) ordinals[i] * BLOCK;
            long two = (long) ordinals[second] * BLOCK;
            ShortVector a0 = (ShortVector)
                    ByteVector.fromMemorySegment(BYTES, rows, one, ORDER).convertShape(VectorOperators.B2S, SHORTS, 0);
            ShortVector a1 = (ShortVector) ByteVector.fromMemorySegment(BYTES, rows, one + SHORT_LANES, ORDER)
                    .convertShape(VectorOperators.B2S, SHORTS, 0);
            ShortVector a2 = (ShortVector) ByteVector.fromMemorySegment(BYTES, rows, one + 2 * SHORT_LANES, ORDER)
                    .convertShape(VectorOperators.B2S, SHORTS, 0);
            ShortVector a3 = (ShortVector) ByteVector.fromMemorySegment(BYTES, rows, one + 3 * SHORT_LANES, ORDER)
                    .convertShape(VectorOperators.B2S, SHORTS, 0);
            ShortVector a =
                    a0.mul(query0).add(a1.mul(query1)).add(a2.mul(query2).add(a3.mul(query3)));
            IntVector aLow = (IntVector) a.convertShape(VectorOperators.S2I, INTS, 0);
            IntVector aHigh = (IntVector) a.convertShape(VectorOperators.S2I, INTS, 1);
            ShortVector b0 = (ShortVector)
                    ByteVector.fromMemorySegment(BYTES, rows, two, ORDER).convertShape(VectorOperators.B2S, SHORTS, 0);
            ShortVector b1 = (ShortVector) ByteVector.fromMemorySegment(BYTES, rows, two + SHORT_LANES, ORDER)
                    .convertShape(VectorOperators.B2S, SHORTS, 0);
            ShortVector b2 = (ShortVector) ByteVector.fromMemorySegment(BYTES, rows, two + 2 * SHORT_LANES, ORDER)
                    .convertShape(VectorOperators.B2S, SHORTS, 0);
            ShortVector b3 = (ShortVector) ByteVector.fromMemorySegment(BYTES, rows, two + 3 * SHORT_LANES, ORDER)
                    .convertShape(VectorOperators.B2S, SHORTS, 0);
            ShortVector b =
                    b0.mul(query0).add(b1.mul(query1)).add(b2.mul(query2).add(b3.mul(query3)));
            IntVector bLow = (IntVector) b.convertShape(VectorOperators.S2I, INTS, 0);
            IntVector bHigh = (IntVector) b.convertShape(VectorOperators.S2I, INTS, 1);
            into[i] = aLow.add(aHigh).reduceLanes(VectorOperators.ADD);
            into[second] = bLow.add(bHigh).reduceLanes(VectorOperators.ADD);
        }
    }

    /** Rows of half as many bytes, TwHIN's own. */
    private static void dotsOfHalfABlock(short[] query, MemorySegment rows, int[] ordinals, int n, int[] into) {
        ShortVector query0 = ShortVector.fromArray(SHORTS, query, 0);
        ShortVector query1 = ShortVector.fromArray(SHORTS, query, SHORT_LANES);
        for (int i = 0; i < n; i += 2) {
            int second = Math.min(i + 1, n - 1);
            long one = (long) ordinals[i] * (BLOCK / 2);
            long two = (long) ordinals[second] * (BLOCK / 2);
            ShortVector a0 = (ShortVector)
                    ByteVector.fromMemorySegment(BYTES, rows, one, ORDER).convertShape(VectorOperators.B2S, SHORTS, 0);
            ShortVector a1 = (ShortVector) ByteVector.fromMemorySegment(BYTES, rows, one + SHORT_LANES, ORDER)
                    .convertShape(VectorOperators.B2S, SHORTS, 0);
            ShortVector a = a0.mul(query0).add(a1.mul(query1));
            IntVector aLow = (IntVector) a.convertShape(VectorOperators.S2I, INTS, 0);
            IntVector aHigh = (IntVector) a.convertShape(VectorOperators.S2I, INTS, 1);
            ShortVector b0 = (ShortVector)
                    ByteVector.fromMemorySegment(BYTES, rows, two, ORDER).convertShape(VectorOperators.B2S, SHORTS, 0);
            ShortVector b1 = (ShortVector) ByteVector.fromMemorySegment(BYTES, rows, two + SHORT_LANES, ORDER)
                    .convertShape(VectorOperators.B2S, SHORTS, 0);
            ShortVector b = b0.mul(query0).add(b1.mul(query1));
            IntVector bLow = (IntVector) b.convertShape(VectorOperators.S2I, INTS, 0);
            IntVector bHigh = (IntVector) b.convertShape(VectorOperators.S2I, INTS, 1);
            into[i] = aLow.add(aHigh).reduceLanes(VectorOperators.ADD);
            into[second] = bLow.add(bHigh).reduceLanes(VectorOperators.ADD);
        }
    }

    private static void dotsOfAnyLength(short[] query, MemorySegment rows, int[] ordinals, int n, int[] into) {
        int stride = query.length;
        int blocks = stride - stride % BLOCK;
        for (int i = 0; i < n; i += 2) {
            int second = Math.min(i + 1, n - 1);
            long one = (long) ordinals[i] * stride;
            long two = (long) ordinals[second] * stride;
            IntVector aSum = IntVector.zero(INTS);
            IntVector bSum = IntVector.zero(INTS);
            int j = 0;
            // unrolled body: four products of a byte and a query value fit into a lane of 16 bits
            for (; j < blocks; j += BLOCK) {
                ShortVector a = ShortVector.zero(SHORTS);
                ShortVector b = ShortVector.zero(SHORTS);
                for (int lane = j; lane < j + BLOCK; lane += SHORT_LANES) {
                    ShortVector factors = ShortVector.fromArray(SHORTS, query, lane);
                    a = a.add(((ShortVector) ByteVector.fromMemorySegment(BYTES, rows, one + lane, ORDER)
                                    .convertShape(VectorOperators.B2S, SHORTS, 0))
                            .mul(factors));
                    b = b.add(((ShortVector) ByteVector.fromMemorySegment(BYTES, rows, two + lane, ORDER)
                                    .convertShape(VectorOperators.B2S, SHORTS, 0))
                            .mul(factors));
                }
                aSum = aSum.add(a.convertShape(VectorOperators.S2I, INTS, 0))
                        .add(a.convertShape(VectorOperators.S2I, INTS, 1));
                bSum = bSum.add(b.convertShape(VectorOperators.S2I, INTS, 0))
                        .add(b.convertShape(VectorOperators.S2I, INTS, 1));
            }
            // vector tail: at most three products a lane; rows are padded, so there is no scalar one
            if (j < stride) {
                ShortVector a = ShortVector.zero(SHORTS);
                ShortVector b = ShortVector.zero(SHORTS);
                for (; j < stride; j += SHORT_LANES) {
                    ShortVector factors = ShortVector.fromArray(SHORTS, query, j);
                    a = a.add(((ShortVector) ByteVector.fromMemorySegment(BYTES, rows, one + j, ORDER)
                                    .convertShape(VectorOperators.B2S, SHORTS, 0))
                            .mul(factors));
                    b = b.add(((ShortVector) ByteVector.fromMemorySegment(BYTES, rows, two + j, ORDER)
                                    .convertShape(VectorOperators.B2S, SHORTS, 0))
                            .mul(factors));
                }
                aSum = aSum.add(a.convertShape(VectorOperators.S2I, INTS, 0))
                        .add(a.convertShape(VectorOperators.S2I, INTS, 1));
                bSum = bSum.add(b.convertShape(VectorOperators.S2I, INTS, 0))
                        .add(b.convertShape(VectorOperators.S2I, INTS, 1));
            }
            into[i] = aSum.reduceLanes(VectorOperators.ADD);
            into[second] = bSum.reduceLanes(VectorOperators.ADD);
        }
    }
}
