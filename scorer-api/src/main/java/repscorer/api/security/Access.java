package repscorer.api.security;

import jakarta.servlet.http.HttpServletRequest;
import repscorer.api.problem.RefusedException;

/** Whether a caller has a role, for a handler whose requests ask for several. Safe for concurrent use. */
public interface Access {

    /** @throws RefusedException as a route that {@link Needs} the role refuses who lacks it */
    void check(HttpServletRequest request, Role role);

    /** Whether {@link #check} would let the request pass. */
    boolean allows(HttpServletRequest request, Role role);
}
