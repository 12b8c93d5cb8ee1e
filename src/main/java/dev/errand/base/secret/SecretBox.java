package dev.errand.base.secret;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Seals and opens secrets with AES-256-GCM (NIST SP 800-38D). What is sealed is bound to a context,
 * such as the row that it belongs to: a value copied to another row doesn't open there.
 */
@ApplicationScoped
public class SecretBox {
  private static final byte FORMAT = 1;
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
   * @param secret what is to be kept
   * @param context what it belongs to; the same text must be given to open it
   */
  public Sealed seal(PlainSecret secret, String context) {
    return sealBytes(utf8(secret.value()), context);
  }

  /** Seals bytes, as {@link #seal} does a text. */
  public Sealed sealBytes(byte[] secret, String context) {
    MasterKey key = ring.getFirst();
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed = crypt(Cipher.ENCRYPT_MODE, key, nonce, context, secret);
    return new Sealed(
        ByteBuffer.allocate(1 + ID_BYTES + NONCE_BYTES + sealed.length)
            .put(FORMAT)
            .put(key.id())
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
   * Opens what {@link #sealBytes} sealed for the same context.
   *
   * @throws SealBrokenException as {@link #open} does
   */
  public byte[] openBytes(Sealed sealed, String context) {
    ByteBuffer bytes = ByteBuffer.wrap(sealed.bytes());
    if (bytes.remaining() < 1 + ID_BYTES + NONCE_BYTES + TAG_BITS / 8 || bytes.get() != FORMAT) {
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

  /**
   * Seals with the newest key what a former one of the ring sealed.
   *
   * @return empty where no key opens it
   */
  public Optional<Sealed> resealed(Sealed sealed, String context) {
    try {
      return Optional.of(sealBytes(openBytes(sealed, context), context));
    } catch (SealBrokenException e) {
      return Optional.empty();
    }
  }

  /** The id of the newest key, in hexadecimal, as sealed values have it in their bytes 2 to 5. */
  public String newestKeyId() {
    return HexFormat.of().formatHex(ring.getFirst().id());
  }

  /** The ids of the former keys, in hexadecimal. */
  public List<String> previousKeyIds() {
    return keyIds().stream().skip(1).toList();
  }

  /** The ids of all keys, in hexadecimal, the newest first. */
  public List<String> keyIds() {
    return ring.stream().map(key -> HexFormat.of().formatHex(key.id())).distinct().toList();
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
      cipher.init(mode, key.key(), new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(utf8(context));
      return cipher.doFinal(in);
    } catch (GeneralSecurityException e) {
      throw new SealBrokenException(
          "The sealed value was altered, or belongs to something else than " + context + ".",
          false);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
