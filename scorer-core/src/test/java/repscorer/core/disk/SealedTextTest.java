package repscorer.core.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SealedTextTest {

    @Test
    void sealedTextTellsDamage() {
        byte[] text = SealedText.write(Map.of("a", "1\n2"));
        assertThat(SealedText.read(text)).containsEntry("a", "1 2");
        for (int i = 0; i < text.length; i++) {
            byte[] changed = text.clone();
            changed[i] ^= 1;
            assertThatThrownBy(() -> SealedText.read(changed)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
