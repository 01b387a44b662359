/**
 * Rows that other tools wrote, into embedding files: Parquet, {@code .npy}, {@code .fvecs}, JSON Lines, CSV and TSV. A bad row is
 * named by its number and rule; a file is written only when all rows that count are good. Start at
 * {@link repscorer.training.imports.Importer}.
 */
@NullMarked
package repscorer.training.imports;

import org.jspecify.annotations.NullMarked;
