package repscorer.api;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.json.JsonMapper;

/** One key of an issuer of tokens, which it writes and signs by the JDK alone. */
record TestIssuer(String id, KeyPair keys) {

    private static final int EC_BYTES = 32;

    static TestIssuer rsa(String id, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return new TestIssuer(id, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static TestIssuer ec(String id) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return new TestIssuer(id, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same key by another name. */
    static TestIssuer renamed(TestIssuer key, String id) {
        return new TestIssuer(id, key.keys);
    }

    /** A JWK set. */
    static String set(TestIssuer... keys) {
        return Stream.of(keys).map(TestIssuer::jwk).collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    }

    private String jwk() {
        PublicKey key = keys.getPublic();
        if (key instanceof RSAPublicKey rsa) {
            return "{\"kty\":\"RSA\",\"kid\":\"%s\",\"use\":\"sig\",\"n\":\"%s\",\"e\":\"%s\"}"
                    .formatted(id, text(unsigned(rsa.getModulus(), 0)), text(unsigned(rsa.getPublicExponent(), 0)));
        }
        ECPublicKey ec = (ECPublicKey) key;
        return "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"%s\",\"use\":\"sig\",\"x\":\"%s\",\"y\":\"%s\"}"
                .formatted(
                        id,
                        text(unsigned(ec.getW().getAffineX(), EC_BYTES)),
                        text(unsigned(ec.getW().getAffineY(), EC_BYTES)));
    }

    private static byte[] unsigned(BigInteger number, int bytesMin) {
        byte[] bytes = number.toByteArray();
        byte[] bare = bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
        byte[] padded = new byte[Math.max(bytesMin, bare.length)];
        System.arraycopy(bare, 0, padded, padded.length - bare.length, bare.length);
        return padded;
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String text(Object json) {
        return text(JsonMapper.shared().writeValueAsString(json).getBytes(StandardCharsets.UTF_8));
    }

    String algorithm() {
        return keys.getPublic() instanceof RSAPublicKey ? "RS256" : "ES256";
    }

    private String begun(String algorithm, Map<String, Object> claims) {
        return text((Object) Map.of("alg", algorithm, "typ", "JWT", "kid", id)) + "." + text((Object) claims);
    }

    String sign(Map<String, Object> claims) {
        try {
            String begun = begun(algorithm(), claims);
            Signature signature = Signature.getInstance(
                    algorithm().equals("RS256") ? "SHA256withRSA" : "SHA256withECDSAinP1363Format");
            signature.initSign(keys.getPrivate());
            signature.update(begun.getBytes(StandardCharsets.US_ASCII));
            return begun + "." + text(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String unsigned(Map<String, Object> claims) {
        return begun("none", claims) + ".";
    }

    String hmacByPublicKey(Map<String, Object> claims) {
        try {
            String begun = begun("HS256", claims);
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(keys.getPublic().getEncoded(), "HmacSHA256"));
            return begun + "." + text(mac.doFinal(begun.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
