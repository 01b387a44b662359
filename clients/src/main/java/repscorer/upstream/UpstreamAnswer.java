package repscorer.upstream;

/** What an upstream service knows of one embedding. */
public sealed interface UpstreamAnswer {

    /** The embedding. Its arrays are shared with the cache: nobody may write to them. */
    sealed interface Found extends UpstreamAnswer {

        /** @param values finite, as many as the query's dimension */
        @SuppressWarnings("ArrayRecordComponent") // embeddings are not compared by equals
        record Dense(float[] values) implements Found {}

        /**
         * @param columns ascending, distinct, not negative
         * @param weights finite and positive, one for each column
         */
        @SuppressWarnings("ArrayRecordComponent") // embeddings are not compared by equals
        record Sparse(int[] columns, float[] weights) implements Found {}
    }

    /** The service is sure that there is none. */
    record Missing() implements UpstreamAnswer {}

    /**
     * Nothing is known.
     *
     * @param cause why, in words an operator understands
     * @param timedOut whether time ran out; otherwise it failed
     */
    record Unavailable(String cause, boolean timedOut) implements UpstreamAnswer {}
}
