/**
 * Who may change what the service serves: one admin token, kept as a hash. Reading needs no token. Start at
 * {@link repscorer.api.security.AdminOnly}.
 */
@NullMarked
package repscorer.api.security;

import org.jspecify.annotations.NullMarked;
