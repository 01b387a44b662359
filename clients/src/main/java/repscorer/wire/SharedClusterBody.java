package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A cluster that source and candidate share.
 *
 * @param share of the sparse inner product, 0 to 1
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SharedClusterBody(String column, String cluster, String label, double share) {}
