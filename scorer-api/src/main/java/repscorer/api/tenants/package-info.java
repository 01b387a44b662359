/**
 * What the keys of a tenant reach: the routes that are {@link repscorer.api.tenants.ForTenants}, and of what those answer the {@link
 * repscorer.api.tenants.World} of the tenant. Who a caller is says {@code repscorer.api.security}.
 */
@NullMarked
package repscorer.api.tenants;

import org.jspecify.annotations.NullMarked;
