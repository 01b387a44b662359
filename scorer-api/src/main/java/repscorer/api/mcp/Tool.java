package repscorer.api.mcp;

import java.util.Set;
import java.util.function.Function;
import repscorer.api.security.Role;

/**
 * One question that a model may ask.
 *
 * @param description when to ask it and how, as a model reads it
 * @param operation the route's operation in the OpenAPI document, whose request and answer this one has
 * @param unused keys of the request that the tool sets itself
 * @param role that the route asks for
 */
record Tool<A extends Record>(
        String name,
        String title,
        String description,
        String operation,
        Set<String> unused,
        Role role,
        Class<A> arguments,
        Function<A, ? extends Record> answer) {}
