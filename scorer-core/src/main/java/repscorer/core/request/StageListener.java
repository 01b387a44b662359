package repscorer.core.request;

/** Told how long each stage of each request took, for metrics. Must be quick and safe for concurrent use. */
@FunctionalInterface
public interface StageListener {

    StageListener NONE = (surface, stage, nanos) -> {};

    /** @param stage source, retrieve, score, blend or total */
    void took(String surface, String stage, long nanos);
}
