package repscorer.core.shadow;

/** Told what becomes of requests that a shadow was drawn for; for metrics. */
public interface ShadowListener {

    /** Listens to nothing. */
    ShadowListener NONE = new ShadowListener() {
        @Override
        public void compared(String shadow, ShadowPair pair) {}

        @Override
        public void dropped(String shadow) {}

        @Override
        public void failed(String shadow) {}
    };

    /** Both answers are there. */
    void compared(String shadow, ShadowPair pair);

    /** No processor was idle. */
    void dropped(String shadow);

    /** The shadow has no answer. */
    void failed(String shadow);
}
