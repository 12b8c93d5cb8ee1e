package dev.errand.automation.channel;

import dev.errand.base.http.PublicUrl;
import dev.errand.base.secret.Hmac;
import dev.errand.base.secret.SecretBox;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * The links in e-mail by which its recipient, who needs no account, confirms an address or switches
 * a channel off. The code of the latter is signed and not stored, so that each message can have it;
 * it is good as long as the channel has the address.
 */
@Singleton
class RecipientLinks {
  static final String CONFIRM = "channels/confirm/";
  static final String UNSUBSCRIBE = "channels/unsubscribe/";

  private static final String PURPOSE = "channel-unsubscribe";
  private static final int ID_BYTES = 16;
  private static final int CODE_BYTES = 16;

  private final PublicUrl publicUrl;
  private final SecretBox box;

  RecipientLinks(PublicUrl publicUrl, SecretBox box) {
    this.publicUrl = publicUrl;
    this.box = box;
  }

  /**
   * The absolute address of a path, at the configured address alone, without which no e-mail is
   * sent: whoever registers a recipient may choose the address of the request.
   */
  String absolute(String path) {
    return publicUrl.resolve(path, () -> URI.create("")).toString();
  }

  String unsubscribe(OpenChannel channel) {
    byte[] key = box.derived(PURPOSE).getFirst();
    byte[] code =
        ByteBuffer.allocate(ID_BYTES + CODE_BYTES)
            .put(bytes(channel.id()))
            .put(sign(key, channel))
            .array();
    return absolute(UNSUBSCRIBE + Base64.getUrlEncoder().withoutPadding().encodeToString(code));
  }

  /** The channel that a code names; it is not known yet whether the code is good. */
  static Optional<UUID> channelOf(String code) {
    return decoded(code)
        .map(ByteBuffer::wrap)
        .map(bytes -> new UUID(bytes.getLong(), bytes.getLong()));
  }

  boolean isGood(String code, OpenChannel channel) {
    byte[] given =
        decoded(code).map(all -> Arrays.copyOfRange(all, ID_BYTES, all.length)).orElseThrow();
    boolean found = false;
    for (byte[] key : box.derived(PURPOSE)) {
      found |= MessageDigest.isEqual(sign(key, channel), given);
    }
    return found;
  }

  private static Optional<byte[]> decoded(String code) {
    try {
      return Optional.of(Base64.getUrlDecoder().decode(code))
          .filter(bytes -> bytes.length == ID_BYTES + CODE_BYTES);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static byte[] sign(byte[] key, OpenChannel channel) {
    byte[] address = channel.address().getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOf(Hmac.sha256(key, bytes(channel.id()), address), CODE_BYTES);
  }

  private static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(ID_BYTES)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }
}
