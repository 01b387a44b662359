/**
 * Codes of dense rows: float16, int8, product quantisation, residual quantisation and RaBitQ, each made by a codebook that was trained on rows and
 * that decodes them. Nothing is searched or kept here. Start at {@link repscorer.codes.Codebook}.
 */
@NullMarked
package repscorer.codes;

import org.jspecify.annotations.NullMarked;
