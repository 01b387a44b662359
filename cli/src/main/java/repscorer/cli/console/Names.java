package repscorer.cli.console;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import repscorer.client.ScorerClient;
import repscorer.client.ScorerClientException;
import repscorer.wire.EmbeddingBody;
import repscorer.wire.EmbeddingsRequest;

/** Words for ids, so that a person can judge an answer: given labels first, else the topics a user is known to like. */
public final class Names {

    private static final String INTERESTS = "history-interest";
    private static final int INTERESTS_SHOWN = 6;

    private final ScorerClient client;
    private final Map<String, String> labels;

    public Names(ScorerClient client, Map<String, String> labels) {
        this.client = client;
        this.labels = Map.copyOf(labels);
    }

    /** Words for each id that has any. */
    public Map<String, String> of(List<String> ids) {
        Map<String, String> words = new HashMap<>();
        List<String> users = ids.stream()
                .distinct()
                .filter(id -> id.startsWith("user:") && !labels.containsKey(id))
                .toList();
        if (!users.isEmpty()) {
            words.putAll(interests(users));
        }
        ids.forEach(id -> {
            String label = labels.get(id);
            if (label != null) {
                words.put(id, label);
            }
        });
        return words;
    }

    private Map<String, String> interests(List<String> users) {
        try {
            return client.embeddings(INTERESTS, new EmbeddingsRequest(users, null)).embeddings().stream()
                    .filter(body -> body.entries() != null && !body.entries().isEmpty())
                    .collect(Collectors.toMap(EmbeddingBody::id, Names::topics));
        } catch (ScorerClientException e) {
            return Map.of(); // the release holds no such history; ids must do
        }
    }

    private static String topics(EmbeddingBody body) {
        List<EmbeddingBody.EntryBody> entries = body.entries() == null ? List.of() : body.entries();
        String shown = entries.stream()
                .sorted(Comparator.comparingDouble(EmbeddingBody.EntryBody::weight)
                        .reversed())
                .limit(INTERESTS_SHOWN)
                .map(entry -> "#" + entry.name().substring(entry.name().indexOf(':') + 1))
                .collect(Collectors.joining(" "));
        return entries.size() > INTERESTS_SHOWN ? shown + " …" : shown;
    }
}
