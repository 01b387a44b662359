package repscorer.resilience;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Reads a body into an array and hangs up as soon as it is known to be larger than the limit. */
final class LimitedBody implements HttpResponse.BodySubscriber<byte[]> {

    private final int bytesMax;
    private final long bytesAnnounced;
    private final CompletableFuture<byte[]> body = new CompletableFuture<>();
    private final List<ByteBuffer> parts = new ArrayList<>();
    private long bytes;
    private Flow.@org.jspecify.annotations.Nullable Subscription subscription;

    private LimitedBody(int bytesMax, long bytesAnnounced) {
        this.bytesMax = bytesMax;
        this.bytesAnnounced = bytesAnnounced;
    }

    static HttpResponse.BodyHandler<byte[]> handler(int bytesMax) {
        return head -> new LimitedBody(
                bytesMax, head.headers().firstValueAsLong("Content-Length").orElse(0));
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        if (bytesAnnounced > bytesMax) {
            refuse(bytesAnnounced);
        } else {
            subscription.request(Long.MAX_VALUE);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        if (body.isDone()) {
            return;
        }
        for (ByteBuffer buffer : buffers) {
            bytes += buffer.remaining();
        }
        if (bytes > bytesMax) {
            parts.clear();
            refuse(bytes);
        } else {
            parts.addAll(buffers);
        }
    }

    @Override
    public void onError(Throwable failure) {
        body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        byte[] whole = new byte[(int) bytes];
        int at = 0;
        for (ByteBuffer part : parts) {
            int length = part.remaining();
            part.get(whole, at, length);
            at += length;
        }
        body.complete(whole);
    }

    private void refuse(long bytesSeen) {
        body.completeExceptionally(new TooLarge(bytesSeen, bytesMax));
        if (subscription != null) {
            subscription.cancel();
        }
    }

    /** The body is larger than the limit. */
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;

        TooLarge(long bytesSeen, int bytesMax) {
            super(String.format(Locale.ROOT, "the body is limited to %,d bytes: at least %,d", bytesMax, bytesSeen));
        }
    }
}
