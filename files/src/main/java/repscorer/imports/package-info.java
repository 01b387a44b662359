/**
 * Rows that other tools wrote, into embedding files: Parquet, {@code .npy}, {@code .fvecs}, JSON Lines, CSV and TSV. A bad row is
 * named by its number and rule; a file is written only when all rows that count are good. Start at
 * {@link repscorer.imports.Importer}.
 */
@NullMarked
package repscorer.imports;

import org.jspecify.annotations.NullMarked;
