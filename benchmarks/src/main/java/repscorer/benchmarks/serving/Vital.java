package repscorer.benchmarks.serving;

/** What a process may not want more of, the longer it runs. */
enum Vital {
    HEAP("heap after a collection, MiB", 16),
    OUTSIDE("resident outside the heap, MiB", 32),
    RESIDENT("resident, MiB", 64),
    THREADS("threads", 4),
    FILES("open files", 8);

    private final String words;
    private final double slack;

    Vital(String words, double slack) {
        this.words = words;
        this.slack = slack;
    }

    String words() {
        return words;
    }

    /** So much more is none, whatever share of the whole it is. */
    double slack() {
        return slack;
    }
}
