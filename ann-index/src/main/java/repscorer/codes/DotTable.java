package repscorer.codes;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import repscorer.vector.VectorOps;

/**
 * The inner products of a query in float32 with rows by their codes, without decoding any: one look-up a unit. For one thread at a time; a
 * query costs O(2^bits · values of all units), a row O(units), and neither allocates.
 */
public final class DotTable {

    private final Codebook codebook;
    private final float[] turned;
    private final float[] products;
    private float meanProduct;

    DotTable(Codebook codebook) {
        this.codebook = codebook;
        Tables tables = codebook.tables();
        this.turned = new float[codebook.dimension()];
        this.products = new float[tables.units() * tables.entries()];
    }

    /**
     * Makes ready for a query.
     *
     * @throws IllegalArgumentException when it has another dimension
     */
    public void query(float[] query) {
        int d = codebook.dimension();
        if (query.length != d) {
            throw new IllegalArgumentException("a query has %s values: %s".formatted(d, query.length));
        }
        meanProduct = VectorOps.dot(query, codebook.mean());
        if (codebook.rotation().length > 0) {
            Arrays.fill(turned, 0);
            VectorOps.addProducts(query, 1, d, codebook.rotation(), d, turned);
        } else {
            System.arraycopy(query, 0, turned, 0, d);
        }
        Tables tables = codebook.tables();
        int entries = tables.entries();
        for (int s = 0; s < tables.units() && entries > 0; s++) {
            for (int c = 0; c < entries; c++) {
                products[s * entries + c] =
                        VectorOps.dot(turned, tables.from(s), tables.values(), tables.entryAt(s, c), tables.width(s));
            }
        }
    }

    /** The inner product of the query with the row whose code begins at {@code at}. */
    public float dot(MemorySegment codes, long at) {
        int units = codebook.units();
        float sum = 0;
        if (codebook.method() == CodesMethod.FLOAT16) {
            for (int j = 0; j < units; j++) {
                sum += turned[j] * Bits.half(codes, at + 2L * j);
            }
            return sum;
        }
        int entries = codebook.tables().entries();
        for (int s = 0; s < units; s++) {
            sum += products[s * entries + codebook.code(codes, at, s)];
        }
        return codebook.hasFactor()
                ? meanProduct + sum * Bits.half(codes, at + codebook.unitBytes())
                : meanProduct + sum;
    }
}
