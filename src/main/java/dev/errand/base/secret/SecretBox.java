package dev.errand.base.secret;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals and opens secrets with AES-256-GCM (NIST SP 800-38D). What is sealed is bound to a context,
 * such as the row that it belongs to: a value copied to another row doesn't open there. A secret
 * that is sent to a server is bound to the server, too.
 */
@Singleton
public class SecretBox {
  /** The first byte of what is sealed for a context. */
  static final byte FOR_CONTEXT = 1;

  /** The first byte of what is sealed for a context and a server. */
  static final byte FOR_SERVER = 2;

  /** Stands among the ids of keys for the forms of seals that this version opens. */
  public static final String FORMS = "for-server";

  private static final int ID_BYTES = 4;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecureRandom random = new SecureRandom();
  private final List<MasterKey> ring;

  @Inject
  SecretBox(SecretConfig config) {
    this(
        config
            .key()
            .filter(key -> !key.isBlank())
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "ERRAND_SECRET_KEY is not set: make a master key with `openssl rand -base64"
                            + " 32`, keep it where it can't be lost, and set it for every start on"
                            + " this database.")),
        config.previousKeys().orElse(List.of()));
  }

  SecretBox(String key, List<String> previousKeys) {
    List<MasterKey> keys = new ArrayList<>();
    keys.add(MasterKey.parse("ERRAND_SECRET_KEY", key));
    for (String previous : previousKeys) {
      keys.add(MasterKey.parse("ERRAND_SECRET_PREVIOUS_KEYS", previous));
    }
    this.ring = List.copyOf(keys);
  }

  /**
   * Seals a secret with the newest key.
   *
   * @param context what it belongs to; the same text must be given to open it
   */
  public Sealed seal(PlainSecret secret, String context) {
    return sealBytes(utf8(secret.value()), context);
  }

  /** Seals a secret that is sent to a server, which has to be given to open it, too. */
  Sealed seal(PlainSecret secret, String context, SecretServer server) {
    return sealed(FOR_SERVER, utf8(secret.value()), context(context, server));
  }

  /** Seals bytes, as {@link #seal} does a text. */
  public Sealed sealBytes(byte[] secret, String context) {
    return sealed(FOR_CONTEXT, secret, context);
  }

  private Sealed sealed(byte format, byte[] secret, String context) {
    MasterKey key = ring.getFirst();
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed = crypt(Cipher.ENCRYPT_MODE, key, nonce, context, secret);
    return new Sealed(
        ByteBuffer.allocate(1 + ID_BYTES + NONCE_BYTES + sealed.length)
            .put(format)
            .put(key.id)
            .put(nonce)
            .put(sealed)
            .array());
  }

  /**
   * Opens what was sealed for the same context.
   *
   * @throws SealBrokenException when no key of the ring sealed it, or when it was altered or
   *     belongs to another context
   */
  public PlainSecret open(Sealed sealed, String context) {
    return new PlainSecret(new String(openBytes(sealed, context), StandardCharsets.UTF_8));
  }

  /**
   * Opens what was sealed for the same context and server.
   *
   * @throws SealBrokenException as the other one does, or when it was sealed for another server
   */
  PlainSecret open(Sealed sealed, String context, SecretServer server) {
    return new PlainSecret(
        new String(opened(FOR_SERVER, sealed, context(context, server)), StandardCharsets.UTF_8));
  }

  /** Opens what {@link #sealBytes} sealed for the same context. */
  public byte[] openBytes(Sealed sealed, String context) {
    return opened(FOR_CONTEXT, sealed, context);
  }

  private byte[] opened(byte format, Sealed sealed, String context) {
    ByteBuffer bytes = ByteBuffer.wrap(sealed.bytes());
    if (bytes.remaining() < 1 + ID_BYTES + NONCE_BYTES + TAG_BITS / 8 || bytes.get() != format) {
      throw new SealBrokenException("The sealed value has no known format.", false);
    }
    byte[] id = new byte[ID_BYTES];
    byte[] nonce = new byte[NONCE_BYTES];
    byte[] rest = new byte[bytes.remaining() - ID_BYTES - NONCE_BYTES];
    bytes.get(id).get(nonce).get(rest);
    MasterKey key =
        ring.stream()
            .filter(candidate -> candidate.hasId(id))
            .findFirst()
            .orElseThrow(
                () ->
                    new SealBrokenException("The value was sealed with another master key.", true));
    return crypt(Cipher.DECRYPT_MODE, key, nonce, context, rest);
  }

  /** The id of the newest key, in hexadecimal, as sealed values have it in their bytes 2 to 5. */
  public String newestKeyId() {
    return HexFormat.of().formatHex(ring.getFirst().id);
  }

  /** The ids of the former keys, in hexadecimal. */
  public List<String> previousKeyIds() {
    return keyIds().stream().skip(1).toList();
  }

  /** The ids of all keys, in hexadecimal, the newest first. */
  public List<String> keyIds() {
    return ring.stream().map(key -> HexFormat.of().formatHex(key.id)).distinct().toList();
  }

  /** What this process opens: the ids of all keys, the newest first, and {@link #FORMS}. */
  public List<String> opens() {
    return Stream.concat(keyIds().stream(), Stream.of(FORMS)).toList();
  }

  /**
   * Keys for one purpose, one for each key of the ring, the newest first. From them follows neither
   * the master key nor a key for another purpose.
   */
  public List<byte[]> derived(String purpose) {
    return ring.stream().map(key -> key.derived(purpose)).toList();
  }

  private static byte[] crypt(int mode, MasterKey key, byte[] nonce, String context, byte[] in) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(mode, key.key, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(utf8(context));
      return cipher.doFinal(in);
    } catch (GeneralSecurityException e) {
      throw new SealBrokenException(
          "The sealed value was altered, or belongs to something else than "
              + context.replace('\n', ' ')
              + ".",
          false);
    }
  }

  // No context has a line feed, so no seal opens as one of the other form.
  private static String context(String context, SecretServer server) {
    return context + "\nfor " + server.name();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** One master key of 32 bytes, and the id by which a sealed value names it. */
  private static final class MasterKey {
    private static final int BYTES = 32;
    private static final int ID_BYTES = 4;

    private final SecretKey key;
    private final byte[] bytes;
    private final byte[] id;

    private MasterKey(byte[] bytes) {
      this.bytes = bytes;
      this.key = new SecretKeySpec(bytes, "AES");
      this.id = Arrays.copyOf(Sha256.of(bytes), ID_BYTES);
    }

    /**
     * Reads a key.
     *
     * @throws IllegalStateException when the text is not the base64 of 32 bytes; the text is not in
     *     the message
     */
    static MasterKey parse(String setting, String base64) {
      byte[] bytes;
      try {
        bytes = Base64.getDecoder().decode(base64.strip());
      } catch (IllegalArgumentException e) {
        bytes = new byte[0];
      }
      if (bytes.length != BYTES) {
        throw new IllegalStateException(
            setting
                + " is not the base64 of 32 bytes: generate one with `openssl rand -base64 32`.");
      }
      return new MasterKey(bytes);
    }

    /** A key for one purpose, from which neither this one nor that of another purpose follows. */
    byte[] derived(String purpose) {
      return Hmac.sha256(bytes, ("errand/" + purpose).getBytes(StandardCharsets.UTF_8));
    }

    boolean hasId(byte[] other) {
      return MessageDigest.isEqual(id, other);
    }
  }
}
