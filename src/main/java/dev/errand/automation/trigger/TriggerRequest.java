package dev.errand.automation.trigger;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.json.CheckedRequest;
import dev.errand.base.json.Durations;
import dev.errand.base.json.IsoInstant;
import dev.errand.base.secret.WebhookSecret;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request for a trigger; null is the default. Fields that only the server sets are ignored, so
 * that the answer of a GET can be PUT.
 *
 * @param name its name, if the address does not have it
 * @param secrets the secrets of the sender; several while one replaces another
 * @param tolerance how far the signed time may be off, 1 s to 1 h; 5 min by default
 * @param ratePerMinute how many deliveries it accepts per minute, 1 to 60000; 600 by default
 * @param maxBodyBytes the largest body that it accepts, 1 B to 1 MiB; 256 KiB by default
 * @param expiresAt when its address expires; never by default
 * @param enabled whether deliveries start runs; true by default
 * @param when the condition that a delivery must meet to start a run, in CEL; none by default
 * @param headers the header fields that the condition and prompts may read; none by default
 */
@RegisterForReflection
@JsonIgnoreProperties({"url", "secret_hints", "created_at", "modified_at"})
public record TriggerRequest(
    @Nullable String name,
    @Nullable String scheme,
    @Nullable List<String> secrets,
    @Nullable String tolerance,
    @Nullable Integer ratePerMinute,
    @Nullable Integer maxBodyBytes,
    @Nullable String expiresAt,
    @Nullable Boolean enabled,
    @Nullable String when,
    @Nullable List<@Nullable String> headers)
    implements CheckedRequest {

  /** A request for a signed URL with the defaults. */
  static final TriggerRequest SIGNED_URL =
      new TriggerRequest(null, null, null, null, null, null, null, null, null, null);

  private static final int MOST_SECRETS = 5;
  private static final int SHORTEST_SECRET = 8;
  private static final int LONGEST_SECRET = 512;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /** Checks all fields but the end, which depends on the present one. */
  @Override
  public void check() {
    InvalidFields wrong = new InvalidFields();
    if (name != null) {
      wrong.add(() -> checkName(name));
    }
    SignatureScheme of = scheme == null ? null : wrong.read(() -> SignatureScheme.of(scheme));
    if (of != null) {
      wrong.add(() -> checkedSecrets(of));
    }
    wrong.add(this::filter);
    wrong.add(this::toleranceSeconds);
    wrong.add(this::rate);
    wrong.add(this::bodyBytes);
    if (expiresAt != null) {
      wrong.add(() -> IsoInstant.parse("expires_at", expiresAt, ChronoUnit.MILLIS));
    }
    wrong.refuse();
  }

  @Override
  public String toString() {
    return "Wanted[…]";
  }

  /**
   * Which deliveries start runs.
   *
   * @throws ApiException that names the field which is wrong
   */
  public TriggerFilter filter() {
    return TriggerFilter.checked(when, headers);
  }

  static void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw ApiException.invalid(
          "name",
          "a trigger's name is 1 to 64 of A-Z a-z 0-9 . _ - and begins with a letter or digit");
    }
  }

  int toleranceSeconds() {
    if (tolerance == null) {
      return 300;
    }
    return (int)
        Durations.parseSeconds("tolerance", tolerance, Duration.ofSeconds(1), Duration.ofHours(1))
            .toSeconds();
  }

  int rate() {
    return between("rate_per_minute", ratePerMinute, 600, 60_000);
  }

  int bodyBytes() {
    return between("max_body_bytes", maxBodyBytes, 256 * 1024, 1024 * 1024);
  }

  /**
   * When it expires; null for never.
   *
   * @param known its previous end, which may have passed
   */
  @Nullable Instant end(Instant now, @Nullable Instant known) {
    if (expiresAt == null) {
      return null;
    }
    Instant end = IsoInstant.parse("expires_at", expiresAt, ChronoUnit.MILLIS);
    if (!end.isAfter(now) && !end.equals(known)) {
      throw ApiException.invalid("expires_at", "is in the past");
    }
    return end;
  }

  /** The secrets, checked for the scheme; empty if the request names none. */
  List<String> checkedSecrets(SignatureScheme scheme) {
    if (secrets == null || secrets.isEmpty()) {
      return List.of();
    }
    if (!scheme.isVerified()) {
      throw ApiException.invalid("secrets", "are not used by a signed URL: choose another scheme");
    }
    if (secrets.size() > MOST_SECRETS) {
      throw ApiException.invalid("secrets", "are more than " + MOST_SECRETS);
    }
    InvalidFields all = new InvalidFields();
    for (int i = 0; i < secrets.size(); i++) {
      String wrong = wrong(scheme, secrets.get(i));
      if (wrong != null) {
        all.add(ApiException.invalid("secrets[" + i + "]", wrong));
      }
    }
    all.refuse();
    return List.copyOf(secrets);
  }

  private static @Nullable String wrong(SignatureScheme scheme, @Nullable String secret) {
    if (secret == null) {
      return "must be a string";
    }
    if (scheme == SignatureScheme.STANDARD_WEBHOOKS) {
      try {
        WebhookSecret.parse(secret);
        return null;
      } catch (IllegalArgumentException e) {
        return e.getMessage();
      }
    }
    boolean clean =
        secret.strip().equals(secret) && secret.chars().noneMatch(Character::isISOControl);
    return clean && secret.length() >= SHORTEST_SECRET && secret.length() <= LONGEST_SECRET
        ? null
        : "must be %s to %s printable characters without a space at either end"
            .formatted(SHORTEST_SECRET, LONGEST_SECRET);
  }

  private static int between(String field, @Nullable Integer value, int otherwise, int most) {
    if (value == null) {
      return otherwise;
    }
    if (value < 1 || value > most) {
      throw ApiException.invalid(field, "must be between 1 and " + most);
    }
    return value;
  }
}
