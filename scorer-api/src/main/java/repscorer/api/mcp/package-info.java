/**
 * The service's questions as tools of the Model Context Protocol, for programs in which a language model asks them. The tools answer
 * by the code that the routes under {@code /v1} answer by, and change nothing. Start at {@link repscorer.api.mcp.McpController}.
 */
@NullMarked
package repscorer.api.mcp;

import org.jspecify.annotations.NullMarked;
