package repscorer.client;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import repscorer.client.ScorerClient.Priority;
import repscorer.resilience.UrlPath;

/**
 * What every call says beside its question: who asks, by which key, until when, and how much its turn matters.
 *
 * @param adminToken goes out with calls that need it only: changes, and what tells of users' doings
 * @param key goes out with all others
 */
record Headers(
        String userAgent,
        Duration readTimeout,
        Optional<Priority> priority,
        Optional<String> adminToken,
        Optional<String> key) {

    /** The service computes for as long as somebody waits here, and knows whose turn comes first. */
    HttpRequest.Builder question(UrlPath url) {
        HttpRequest.Builder question = request(url, key);
        question.header("X-Request-Deadline-Ms", Long.toString(readTimeout.toMillis()));
        priority.ifPresent(
                whose -> question.header("X-Request-Priority", whose.name().toLowerCase(Locale.ROOT)));
        return question;
    }

    HttpRequest.Builder admin(UrlPath url) {
        return request(url, adminToken.or(() -> key));
    }

    private HttpRequest.Builder request(UrlPath url, Optional<String> bearer) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url.toUri())
                .header("Accept", "application/json, application/problem+json")
                .header("User-Agent", userAgent);
        bearer.ifPresent(text -> request.header("Authorization", "Bearer " + text));
        return request;
    }
}
