package repscorer.api.upserts;

import java.util.Optional;
import repscorer.api.config.Tenant;
import repscorer.api.problem.RefusedException;
import repscorer.api.security.OverQuota;
import repscorer.api.security.TenantUse;
import repscorer.api.tenants.World;
import repscorer.core.store.Outcome;

/** How many changes of rows a stream may still make: as many as it has, unless it is a tenant's. For one request. */
final class RowQuota {

    private final Optional<Tenant> tenant;
    private final TenantUse use;

    private RowQuota(Optional<Tenant> tenant, TenantUse use) {
        this.tenant = tenant;
        this.use = use;
    }

    /** @throws RefusedException where there is none today */
    static RowQuota of(World world, TenantUse use) {
        long now = System.currentTimeMillis();
        world.tenant().filter(each -> use.rowsLeft(each, now) == 0).ifPresent(each -> {
            throw OverQuota.rows(each, now);
        });
        return new RowQuota(world.tenant(), use);
    }

    /** Takes as many of so many as there are; what is taken counts, whatever comes of it. */
    int take(int changes) {
        return tenant.map(each -> use.takeRows(each, changes, System.currentTimeMillis()))
                .orElse(changes);
    }

    /** What a change beyond is told. */
    Outcome refusal() {
        return new Outcome.Refused("rows-over-quota", OverQuota.rowsTold(tenant.orElseThrow()));
    }
}
