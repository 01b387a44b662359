/** Made-up decisions with outcomes, for whoever wants to try an analysis before there is a log. Proves nothing. */
@NullMarked
package repscorer.analysis.demo;

import org.jspecify.annotations.NullMarked;
