package repscorer.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.function.UnaryOperator;

/**
 * A certificate of this machine's loopback that signed itself.
 *
 * @param chain in PEM
 * @param key in PEM
 */
record TestCertificate(Certificate certificate, Path chain, Path key) {

    static TestCertificate make(Path directory) throws Exception {
        Path keys = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "s",
                        "-keyalg",
                        "EC",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        "changeit",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=ip:127.0.0.1,dns:localhost")
                .redirectErrorStream(true)
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, "changeit".toCharArray());
        }
        Certificate certificate = store.getCertificate("s");
        return new TestCertificate(
                certificate,
                pem(directory, "CERTIFICATE", certificate.getEncoded()),
                pem(
                        directory,
                        "PRIVATE KEY",
                        store.getKey("s", "changeit".toCharArray()).getEncoded()));
    }

    /** A service that answers by TLS with it. */
    UnaryOperator<ServiceOptions> setting() {
        return options -> options.withSetting("http.tls.certificate", chain.toString())
                .withSetting("http.tls.private-key", key.toString());
    }

    private static Path pem(Path directory, String type, byte[] bytes) throws Exception {
        return Files.writeString(
                directory.resolve(type.replace(' ', '-') + ".pem"),
                "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                        .formatted(type, Base64.getMimeEncoder().encodeToString(bytes), type));
    }
}
