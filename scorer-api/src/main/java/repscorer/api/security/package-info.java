/**
 * Who may change what the service serves, and read what users did: one admin token, kept as a hash. Other reading needs no
 * token. Start at
 * {@link repscorer.api.security.AdminOnly}.
 */
@NullMarked
package repscorer.api.security;

import org.jspecify.annotations.NullMarked;
