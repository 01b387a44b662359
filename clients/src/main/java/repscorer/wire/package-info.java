/**
 * The JSON contract of the service: records only, shared by server and SDK. Rules are checked by the server, not here; absent
 * fields are null. Golden examples are in {@code docs/api/examples/}.
 */
@NullMarked
package repscorer.wire;

import org.jspecify.annotations.NullMarked;
