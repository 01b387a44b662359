/**
 * Who changed what, from where, and what it was before: a file that is only appended to and whose lines hang on each other, so that none
 * can be changed or taken out without its being seen. Start at {@link repscorer.api.audit.AuditLog}.
 */
@NullMarked
package repscorer.api.audit;

import org.jspecify.annotations.NullMarked;
