package repscorer.api.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import repscorer.api.problem.RefusedException;

/** Finds out what a request shows, once for each. Safe for concurrent use. */
@Component
final class Callers {

    private static final String SCHEME = "Bearer ";

    private static final String ATTRIBUTE = Shown.class.getName();

    private final AdminToken token;
    private final AccessKeys keys;
    private final JwtTokens tokens;

    Callers(AdminToken token, AccessKeys keys, JwtTokens tokens) {
        this.token = token;
        this.keys = keys;
        this.tokens = tokens;
    }

    /** @throws RefusedException where what is shown may be a token and nobody can tell */
    Shown shown(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Shown known) {
            return known;
        }
        Shown shown = look(request);
        request.setAttribute(ATTRIBUTE, shown);
        return shown;
    }

    /* Both are looked at whatever the first says: what is neither takes as long. */
    private Shown look(HttpServletRequest request) {
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Shown.NOTHING;
        }
        String bearer = authorization.substring(SCHEME.length()).strip();
        boolean admin = token.matches(bearer);
        Optional<Shown.Holder> holder = keys.find(bearer).map(Shown.Holder::of);
        return new Shown(
                true, admin, holder.isEmpty() && !admin && tokens.concern(bearer) ? tokens.find(bearer) : holder);
    }

    boolean isExpired(Shown.Holder holder) {
        return holder.isExpired(keys.now());
    }
}
