package repscorer.core.experiment;

/** FNV-1a of 32 bits [1], over the code units of a text as GrowthBook's scripts read it; equal to the bytes' where a text is ASCII. */
final class Fnv1a {

    /* [1] Fowler, Noll, Vo: The FNV Non-Cryptographic Hash Algorithm, draft-eastlake-fnv. */

    static final int BASIS = 0x811c9dc5;

    private static final int PRIME = 0x01000193;

    private Fnv1a() {}

    /** Goes on from a hash over more text. */
    static int more(int hash, String text) {
        int h = hash;
        int length = text.length();
        for (int i = 0; i < length; i++) {
            h = (h ^ text.charAt(i)) * PRIME;
        }
        return h;
    }

    /** The hash of an unsigned number's decimal digits. */
    static int ofDigits(int unsigned) {
        long rest = Integer.toUnsignedLong(unsigned);
        long place = 1;
        while (rest / place >= 10) {
            place *= 10;
        }
        int h = BASIS;
        for (; place > 0; place /= 10) {
            h = (h ^ (int) ('0' + rest / place % 10)) * PRIME;
        }
        return h;
    }
}
