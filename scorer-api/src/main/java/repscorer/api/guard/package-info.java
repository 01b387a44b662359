/**
 * Watches the answers of experiments with guard-rails, and stops a variant that breaks one. The test is that of {@code
 * repscorer.guard}. Start at {@link repscorer.api.guard.VariantWatch}.
 */
@NullMarked
package repscorer.api.guard;

import org.jspecify.annotations.NullMarked;
