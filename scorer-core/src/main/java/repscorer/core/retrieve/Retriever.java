package repscorer.core.retrieve;

/** Finds candidates in one space version. */
public final class Retriever {

    private Retriever() {}
}
