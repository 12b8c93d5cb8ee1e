package dev.errand.automation.trigger;

import dev.errand.base.http.PublicUrl;
import dev.errand.base.secret.TriggerAddressKeys;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * The address of a trigger: {@code /hooks/} and 64 characters, its id and a signature of it ({@link
 * TriggerAddressKeys}). Addresses cannot be forged, a forged one is refused without a query, and
 * none is stored.
 */
@ApplicationScoped
public class TriggerAddress {
  private static final int ID_BYTES = 16;
  private static final int BYTES = ID_BYTES + 32;
  private static final int CHARACTERS = BYTES / 3 * 4;

  private final TriggerAddressKeys keys;
  private final PublicUrl url;

  TriggerAddress(TriggerAddressKeys keys, PublicUrl url) {
    this.keys = keys;
    this.url = url;
  }

  /** The address, absolute. */
  String of(UUID id, URI base) {
    byte[] bytes = bytes(id);
    byte[] signed = ByteBuffer.allocate(BYTES).put(bytes).put(keys.sign(bytes)).array();
    return url.resolve(
            "/hooks/{token}",
            () -> base,
            Base64.getUrlEncoder().withoutPadding().encodeToString(signed))
        .toString();
  }

  /** The id of the trigger in an address, if its signature is valid. */
  public Optional<UUID> read(String token) {
    byte[] signed;
    try {
      signed = token.length() == CHARACTERS ? Base64.getUrlDecoder().decode(token) : new byte[0];
    } catch (IllegalArgumentException e) {
      signed = new byte[0];
    }
    if (signed.length != BYTES) {
      return Optional.empty();
    }
    byte[] id = Arrays.copyOf(signed, ID_BYTES);
    if (!keys.isSigned(id, Arrays.copyOfRange(signed, ID_BYTES, BYTES))) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.wrap(id);
    return Optional.of(new UUID(bytes.getLong(), bytes.getLong()));
  }

  private static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(ID_BYTES)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }
}
