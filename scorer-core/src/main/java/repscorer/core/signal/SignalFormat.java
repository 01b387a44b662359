package repscorer.core.signal;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import repscorer.core.entity.EntityId;
import repscorer.core.log.RecordFormat;

/** How a pushed signal stands in the log: time, whether it was taken back, user, type, entity. */
final class SignalFormat implements RecordFormat<SignalPush> {

    static final SignalFormat INSTANCE = new SignalFormat();

    private SignalFormat() {}

    @Override
    public int byteSize(SignalPush each) {
        Signal signal = each.signal();
        return Long.BYTES
                + 1
                + sized(each.user().toString())
                + sized(signal.type())
                + sized(signal.entity().toString());
    }

    private static int sized(String word) {
        return Short.BYTES + word.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public void write(SignalPush each, ByteBuffer out) {
        Signal signal = each.signal();
        out.putLong(signal.atMillis()).put((byte) (each.undone() ? 1 : 0));
        word(each.user().toString(), out);
        word(signal.type(), out);
        word(signal.entity().toString(), out);
    }

    private static void word(String word, ByteBuffer out) {
        byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
        out.putShort((short) bytes.length).put(bytes);
    }

    @Override
    public SignalPush read(ByteBuffer in) {
        try {
            long at = in.getLong();
            boolean undone = in.get() != 0;
            EntityId user = EntityId.parse(word(in));
            return new SignalPush(user, new Signal(word(in), EntityId.parse(word(in)), at), undone);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a signal ends too early", e);
        }
    }

    private static String word(ByteBuffer in) {
        byte[] bytes = new byte[Short.toUnsignedInt(in.getShort())];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
