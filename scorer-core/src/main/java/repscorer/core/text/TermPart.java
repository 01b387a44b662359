package repscorer.core.text;

/**
 * What one word adds to a text's score.
 *
 * @param term as the index has it: folded, and stemmed where the language is
 * @param times it stands in the text
 * @param documents texts of the corpus that have it
 * @param part of the score
 */
public record TermPart(String term, int times, int documents, double part) {}
