package repscorer.core.embedding;

/** Whose words texts have. {@link #ANY} cuts and folds words and leaves their endings alone. */
public enum TextLanguage {
    ANY,
    ARABIC,
    CJK,
    DUTCH,
    ENGLISH,
    FINNISH,
    FRENCH,
    GERMAN,
    HINDI,
    ITALIAN,
    PORTUGUESE,
    RUSSIAN,
    SPANISH,
    SWEDISH,
    TURKISH
}
