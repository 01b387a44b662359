package repscorer.api.warm;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts the service's own certificate and no other, whoever signed it and whatever name it bears: the service asks itself by an
 * address that no certificate has to have. Immutable, safe for concurrent use.
 */
final class OwnCertificate extends X509ExtendedTrustManager {

    private final Certificate own;

    private OwnCertificate(Certificate own) {
        this.own = own;
    }

    /**
     * How to ask whoever shows this certificate.
     *
     * @param file PEM, the service's own certificate first
     * @throws IOException where there is none in it
     */
    static SSLContext trusted(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            Certificate own = CertificateFactory.getInstance("X.509").generateCertificate(in);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new OwnCertificate(own)}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("the service's own certificate cannot be read: " + e.getMessage(), e);
        }
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        if (chain.length == 0 || !own.equals(chain[0])) {
            throw new CertificateException("this is not the service's own certificate");
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
