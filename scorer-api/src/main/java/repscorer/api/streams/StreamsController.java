package repscorer.api.streams;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import repscorer.wire.StreamsResponse;
import repscorer.wire.StreamsResponse.PartitionBody;
import repscorer.wire.StreamsResponse.StreamBody;

/** Tells how far topics were read. */
@RestController
@Tag(name = "Upserts")
final class StreamsController {

    private final Streams streams;

    StreamsController(Streams streams) {
        this.streams = streams;
    }

    @GetMapping(path = "/v1/streams", produces = "application/json")
    @Operation(
            operationId = "listStreams",
            summary = "How far the topics were read that change spaces",
            description =
                    "By space: what became of the topic's records since the service started, where each partition stands, and why "
                            + "none are read, where it waits. Empty where no topics are configured.")
    StreamsResponse streams() {
        return new StreamsResponse(
                streams.all().stream().map(StreamsController::body).toList());
    }

    private static StreamBody body(TopicStream stream) {
        TopicStream.State state = stream.state();
        StreamCounts counts = stream.counts();
        return new StreamBody(
                stream.space(),
                stream.topic(),
                state.release().isEmpty() ? null : state.release(),
                state.waiting().orElse(null),
                counts.lag.get(),
                counts.accepted.sum(),
                counts.repeated.sum(),
                counts.refused.sum(),
                counts.missed.sum(),
                stream.lastRefused().orElse(null),
                state.places().stream()
                        .map(each -> new PartitionBody(
                                each.partition(),
                                each.next(),
                                each.lag().isPresent() ? each.lag().getAsLong() : null))
                        .toList());
    }
}
