package repscorer.core.experiment;

/** MurmurHash3 of 32 bits for x86 (A. Appleby), over bytes. */
final class Murmur3 {

    private static final int C1 = 0xcc9e2d51;
    private static final int C2 = 0x1b873593;

    private Murmur3() {}

    static int hash(byte[] bytes, int length, int seed) {
        int h = seed;
        int whole = length & ~3;
        for (int i = 0; i < whole; i += 4) {
            int k = bytes[i] & 0xff | (bytes[i + 1] & 0xff) << 8 | (bytes[i + 2] & 0xff) << 16 | bytes[i + 3] << 24;
            h = Integer.rotateLeft(h ^ scrambled(k), 13) * 5 + 0xe6546b64;
        }
        int tail = 0;
        for (int i = length - 1; i >= whole; i--) {
            tail = tail << 8 | bytes[i] & 0xff;
        }
        h ^= scrambled(tail); // of no tail it is 0
        h ^= length;
        h = (h ^ h >>> 16) * 0x85ebca6b;
        h = (h ^ h >>> 13) * 0xc2b2ae35;
        return h ^ h >>> 16;
    }

    private static int scrambled(int k) {
        return Integer.rotateLeft(k * C1, 15) * C2;
    }
}
