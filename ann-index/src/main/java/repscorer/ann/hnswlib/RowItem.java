package repscorer.ann.hnswlib;

import com.github.jelmerk.hnswlib.core.Item;

/** A row as the library keeps it: its ordinal and the vector that distances are taken on. Never serialized. */
@SuppressWarnings({"serial", "ArrayRecordComponent"}) // Item is Serializable, but an index is rebuilt, not saved
record RowItem(Integer id, float[] vector) implements Item<Integer, float[]> {

    @Override
    public int dimensions() {
        return vector.length;
    }
}
