package repscorer.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the topics were read that change spaces.
 *
 * @param streams by the names of their spaces
 */
public record StreamsResponse(List<StreamBody> streams) {

    public StreamsResponse {
        streams = List.copyOf(streams);
    }

    /**
     * One topic.
     *
     * @param topic its name
     * @param release whose changes these are; absent while it waits
     * @param waiting why no records are read; absent where they are
     * @param lag records that were not read yet
     * @param accepted records that were taken, since the service started
     * @param repeated records that had been taken before
     * @param refused records that break a rule
     * @param missed records that the brokers deleted before they were read
     * @param lastRefused the rule that the newest refused record breaks, and where it stands
     * @param partitions where each stands
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record StreamBody(
            String space,
            String topic,
            @Nullable String release,
            @Nullable String waiting,
            long lag,
            long accepted,
            long repeated,
            long refused,
            long missed,
            @Nullable String lastRefused,
            List<PartitionBody> partitions) {

        public StreamBody {
            partitions = List.copyOf(partitions);
        }
    }

    /**
     * One partition of a topic.
     *
     * @param partition its number
     * @param next the offset that is read next
     * @param lag records that follow; absent where that is not known yet
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PartitionBody(
            int partition, long next, @Nullable Long lag) {}
}
