package repscorer.cli.demo;

import java.util.List;
import repscorer.wire.CandidatesRequest;
import repscorer.wire.SourceBody;

/** What a demo asks: a file of {@code config/demo/}, named after the training plan. */
record Questions(List<Question> questions) {

    Questions {
        questions = List.copyOf(questions);
        if (questions.isEmpty()) {
            throw new IllegalArgumentException("questions must name at least one question");
        }
    }

    /**
     * @param title for the person who reads the answer
     * @param source an id, such as {@code user:12}; empty where a text is asked
     * @param text words to search for; empty where an id is asked
     * @param kinds empty for all kinds of the surface
     * @param excludeHistories empty for the surface's default
     */
    record Question(
            String title,
            String surface,
            String source,
            String text,
            List<String> kinds,
            List<String> excludeHistories,
            int k) {

        /** The values of keys that a file leaves out. */
        record Defaults(String source, String text, List<String> kinds, List<String> excludeHistories, int k) {}

        static final Defaults DEFAULT = new Defaults("", "", List.of(), List.of(), 5);

        Question {
            kinds = List.copyOf(kinds);
            excludeHistories = List.copyOf(excludeHistories);
            if (source.isEmpty() == text.isEmpty()) {
                throw new IllegalArgumentException("a question has a source or a text: '%s'".formatted(title));
            }
        }

        CandidatesRequest request(boolean explain) {
            CandidatesRequest.Filters filters = kinds.isEmpty() && excludeHistories.isEmpty()
                    ? null
                    : new CandidatesRequest.Filters(
                            kinds.isEmpty() ? null : kinds, null, excludeHistories.isEmpty() ? null : excludeHistories);
            return new CandidatesRequest(
                    surface,
                    text.isEmpty() ? SourceBody.of(source) : SourceBody.ofText(text),
                    k,
                    filters,
                    null,
                    null,
                    explain ? Boolean.TRUE : null);
        }
    }
}
