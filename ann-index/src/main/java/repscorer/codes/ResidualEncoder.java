package repscorer.codes;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Seeks the entries that add up to a row, group by group. */
final class ResidualEncoder extends Encoder {

    private final int[] groups;
    private final ResidualSearch.Scratch[] scratch;
    private final int[] found;

    ResidualEncoder(Codebook codebook) {
        super(codebook);
        this.groups = ResidualTrainer.groups(codebook.units());
        this.found = new int[BATCH * codebook.units()];
        this.scratch = new ResidualSearch.Scratch[groups.length - 1];
        ResidualSearch[] searches = codebook.residualSearches();
        for (int g = 0; g < scratch.length; g++) {
            scratch[g] = searches[g].new Scratch();
        }
    }

    /** One for each group of a codebook's units. */
    static ResidualSearch[] searches(Tables tables) {
        int[] groups = ResidualTrainer.groups(tables.units());
        ResidualSearch[] searches = new ResidualSearch[groups.length - 1];
        for (int g = 0; g < searches.length; g++) {
            int units = groups[g + 1] - groups[g];
            int width = tables.width(groups[g]);
            int at = tables.entryAt(groups[g], 0);
            float[] values = Arrays.copyOfRange(tables.values(), at, at + units * tables.entries() * width);
            searches[g] = new ResidualSearch(
                    values,
                    units,
                    tables.entries(),
                    width,
                    ResidualTrainer.CODING_BEAM,
                    ResidualTrainer.CODING_PERTURBED);
        }
        return searches;
    }

    @Override
    void encodeTurned(float[] rows, int count, MemorySegment into, long at) {
        int units = codebook.units();
        for (int g = 0; g < scratch.length; g++) {
            int from = codebook.tables().from(groups[g]);
            scratch[g].find(rows, from, codebook.dimension(), count, found, groups[g], units, false);
        }
        for (int i = 0; i < count; i++) {
            for (int s = 0; s < units; s++) {
                Bits.put(into, at + (long) i * codebook.rowBytes(), s, codebook.bits(), found[i * units + s]);
            }
        }
    }
}
