/**
 * Who may do what: an admin token that may all, and keys with roles, which the disk holds as hashes alone. Where reads are open they
 * need neither. Start at {@link repscorer.api.security.Needs}.
 */
@NullMarked
package repscorer.api.security;

import org.jspecify.annotations.NullMarked;
