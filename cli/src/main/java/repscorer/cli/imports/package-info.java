/**
 * Rows of foreign files into embedding files: JSON Lines, tab-separated text, {@code .npy} and {@code .fvecs}. A bad row is
 * named by its number and rule; a file is written only when all rows that count are good. Start at
 * {@link repscorer.cli.imports.Importer}.
 */
@NullMarked
package repscorer.cli.imports;

import org.jspecify.annotations.NullMarked;
