package repscorer.codes;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Units of 1 to 8 bits one after the other, the lowest bits of a byte first; halves beside them. */
final class Bits {

    static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    private Bits() {}

    static int bytes(int units, int bits) {
        return Math.ceilDiv(units * bits, Byte.SIZE);
    }

    static int get(MemorySegment codes, long at, int unit, int bits) {
        if (bits == Byte.SIZE) {
            return codes.get(BYTE, at + unit) & 0xff;
        }
        int bit = unit * bits;
        long place = at + (bit >>> 3);
        int shift = bit & 7;
        int value = codes.get(BYTE, place) & 0xff;
        if (shift + bits > Byte.SIZE) {
            value |= (codes.get(BYTE, place + 1) & 0xff) << Byte.SIZE;
        }
        return (value >>> shift) & ((1 << bits) - 1);
    }

    /** @param codes zero where nothing was put yet */
    static void put(MemorySegment codes, long at, int unit, int bits, int value) {
        if (bits == Byte.SIZE) {
            codes.set(BYTE, at + unit, (byte) value);
            return;
        }
        int bit = unit * bits;
        long place = at + (bit >>> 3);
        int shifted = value << (bit & 7);
        codes.set(BYTE, place, (byte) (codes.get(BYTE, place) | shifted));
        if (shifted > 0xff) {
            codes.set(BYTE, place + 1, (byte) (codes.get(BYTE, place + 1) | shifted >>> Byte.SIZE));
        }
    }

    static float half(MemorySegment codes, long at) {
        return Float.float16ToFloat(codes.get(HALF, at));
    }

    static void putHalf(MemorySegment codes, long at, float value) {
        codes.set(HALF, at, Float.floatToFloat16(value));
    }
}
