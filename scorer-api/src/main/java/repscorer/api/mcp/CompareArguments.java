package repscorer.api.mcp;

import org.jspecify.annotations.Nullable;

/** What the route that compares releases takes in its path and query. */
record CompareArguments(
        @Nullable String a,
        @Nullable String b,
        @Nullable Integer sample,
        @Nullable Integer sources,
        @Nullable Long seed) {}
