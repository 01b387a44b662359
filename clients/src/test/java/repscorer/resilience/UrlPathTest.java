package repscorer.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UrlPathTest {

    @ParameterizedTest
    @CsvSource({
        "user:12,         user:12",
        "user:a/b,        user:a%2Fb",
        "user:a%2Fb,      user:a%252Fb",
        "user:a b?c#d&e+f;g, user:a%20b%3Fc%23d%26e%2Bf%3Bg",
        "topic:jazz\u00e9,    topic:jazz%C3%A9",
        "topic:\uD83C\uDFB7,  topic:%F0%9F%8E%B7",
    })
    void oneNameStaysOneSegment(String name, String encoded) {
        URI uri = UrlPath.of(URI.create("http://host/base/"))
                .path("/v1/x")
                .segment(name)
                .toUri();

        assertThat(uri.getRawPath()).isEqualTo("/base/v1/x/" + encoded);
        assertThat(uri.getPath()).isEqualTo("/base/v1/x/" + name);
    }

    @Test
    void parametersAreEncodedAndJoined() {
        URI uri = UrlPath.of(URI.create("http://host"))
                .path("/v1/x")
                .query("unit", "a&b=c")
                .query("release", "demo")
                .toUri();

        assertThat(uri).hasToString("http://host/v1/x?unit=a%26b%3Dc&release=demo");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ".."})
    void namesThatAnAddressCannotHoldAreRefused(String name) {
        UrlPath url = UrlPath.of(URI.create("http://host"));

        assertThatThrownBy(() -> url.segment(name)).hasMessageContaining("'" + name + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://host", "host:80", "/path", "http:///path", "http://host?a=b", "http://host#x"})
    void basesThatAreNoAddressAreRefused(String base) {
        assertThatThrownBy(() -> UrlPath.of(URI.create(base)))
                .hasMessage("base must be an http or https address without query and fragment: '%s'", base);
    }
}
