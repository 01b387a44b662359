package repscorer.benchmarks.parsers;

import com.code_intelligence.jazzer.api.HookType;
import com.code_intelligence.jazzer.api.MethodHook;
import java.lang.invoke.MethodHandle;

/** Every checksum is 0 in the process of a fuzzer, of what is written and of what is read: or no changed file would come past its first check. */
public final class NoChecksum {

    private NoChecksum() {}

    @MethodHook(type = HookType.REPLACE, targetClassName = "java.util.zip.CRC32C", targetMethod = "getValue")
    @MethodHook(type = HookType.REPLACE, targetClassName = "java.util.zip.CRC32", targetMethod = "getValue")
    @MethodHook(type = HookType.REPLACE, targetClassName = "java.util.zip.Checksum", targetMethod = "getValue")
    public static long value(MethodHandle method, Object checksum, Object[] arguments, int hookId) {
        return 0;
    }
}
