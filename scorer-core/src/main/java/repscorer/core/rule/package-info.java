/**
 * Rules over a ranked list: what they are, how they change it, and the trace that each leaves. Candidates are places in
 * arrays; what is known of them comes through {@link repscorer.core.rule.Facts}. Start at {@link repscorer.core.rule.Rule}
 * and {@link repscorer.core.rule.RuleBook}.
 */
@NullMarked
package repscorer.core.rule;

import org.jspecify.annotations.NullMarked;
