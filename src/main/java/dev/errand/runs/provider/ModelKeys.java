package dev.errand.runs.provider;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.secret.PlainSecret;
import dev.errand.base.secret.SealBrokenException;
import dev.errand.base.secret.Sealed;
import dev.errand.base.secret.SecretServer;
import dev.errand.base.secret.ServerSecrets;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.UnreadSettings;
import dev.errand.models.wire.ModelEndpoints;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Seals and opens the keys of models' servers, and binds a key to its server: a key is never sent
 * to another scheme, host or port than the one that it was stored for.
 */
@Singleton
public class ModelKeys {
  private static final int LONGEST = 4096;
  private static final String FIELD = "settings.key";

  private final ServerSecrets secrets;
  private final ModelEndpoints endpoints;

  ModelKeys(ServerSecrets secrets, ModelEndpoints endpoints) {
    this.secrets = secrets;
    this.endpoints = endpoints;
  }

  /**
   * A key as it is stored.
   *
   * @param sealed the sealed key
   * @param hint its end, to tell keys apart
   */
  public record Stored(byte[] sealed, String hint) {}

  /**
   * Seals a key. To be called in the transaction that stores it.
   *
   * @param url the server that it is for; null is the configured one
   * @throws ApiException when the key is not valid
   */
  public Stored seal(String key, String context, @Nullable String url) {
    if (key.isBlank()
        || key.length() > LONGEST
        || key.chars().anyMatch(c -> c < 0x21 || c > 0x7e)) {
      throw ApiException.invalid(
          FIELD, "must be 1 to 4096 visible ASCII characters without spaces");
    }
    PlainSecret secret = new PlainSecret(key);
    return new Stored(
        secrets.seal(secret, context, SecretServer.ofUrl(url)).bytes(), secret.hint());
  }

  /**
   * Opens a key.
   *
   * @param url the server that it is for; null is the configured one
   * @throws SealBrokenException when it can't be opened, or is for another server
   */
  public String open(Sealed key, String context, @Nullable String url) {
    return secrets.open(key, context, SecretServer.ofUrl(url)).value();
  }

  /**
   * Seals a key anew for a server that is now named in another way, such as by its address instead
   * of as the configured one; empty if it is named as before.
   *
   * @throws ApiException {@link ErrorCode#KEY_REQUIRED} where it can't be opened
   */
  public Optional<Stored> renamed(
      Sealed key, String context, @Nullable String before, @Nullable String now, String of) {
    if (SecretServer.ofUrl(before).equals(SecretServer.ofUrl(now))) {
      return Optional.empty();
    }
    try {
      return Optional.of(seal(open(key, context, before), context, now));
    } catch (SealBrokenException e) {
      throw required(
          "The key of the " + of + " can't be opened: put the model's API key in settings.key.",
          "is required, since the stored one can't be opened");
    }
  }

  /** What happens to the stored key where a request has none. */
  public enum Unsent {
    KEPT,
    /** There is none, or it is removed, because the server needs none. */
    NONE
  }

  /**
   * Decides what happens to the stored key where a request has none.
   *
   * @param before the settings that the key was sent for; null where there is no key
   * @throws ApiException {@link ErrorCode#KEY_REQUIRED} where there is none, or it is for another
   *     server
   */
  public Unsent unsent(@Nullable ModelSettings before, ModelSettings now, String of) {
    URI server = endpoints.of(now);
    if (before instanceof UnreadSettings) {
      throw required(
          ("The key of the %s is for settings of another version or runner: put the key for"
                  + " %s in settings.key.")
              .formatted(of, server.getRawAuthority()),
          "is required with another runner");
    }
    if (before != null && ModelEndpoints.areOfOneServer(endpoints.of(before), server)) {
      return Unsent.KEPT;
    }
    if (endpoints.isKeyless(server)) {
      return Unsent.NONE;
    }
    throw before == null
        ? required(
            "The " + of + " has no key yet: put the model's API key in settings.key.",
            "is required for a new " + of)
        : required(
            ("The key of the %s is for %s and is not sent to another server: put the key for"
                    + " %s in settings.key.")
                .formatted(of, endpoints.of(before).getRawAuthority(), server.getRawAuthority()),
            "is required with another server in " + now.field("base_url"));
  }

  private static ApiException required(String sentence, String message) {
    return new ApiException(
        ErrorCode.KEY_REQUIRED, sentence, List.of(new ApiException.FieldError(FIELD, message)));
  }
}
