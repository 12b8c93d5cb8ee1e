package dev.errand.automation.trigger;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.field.Field;
import dev.errand.base.field.Input;
import dev.errand.base.field.NameRule;
import dev.errand.base.json.CheckedRequest;
import dev.errand.base.json.Coded;
import dev.errand.base.json.Durations;
import dev.errand.base.json.IsoInstant;
import dev.errand.base.secret.WebhookSecret;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request for a trigger; null is the default. */
@RegisterForReflection
@ApiSchema(value = "TriggerRequest", answer = TriggerView.class)
public record TriggerRequest(
    @Field("Its name, in a POST; generated if absent.") @Nullable String name,
    @Field(
            value =
                "How deliveries are signed. A PUT must name it; in a POST it is `url` by default.",
            label = "Verified by",
            note =
                "Anyone who knows a signed URL can send to it. The others verify a signature or a"
                    + " token of the sender.",
            codes = SignatureScheme.class)
        @Nullable String scheme,
    @Field(
            value = "Generated if the request names none.",
            label = "Secret",
            most = 5,
            secret = true,
            refusal = "must be a string")
        @Nullable List<String> secrets,
    @Field(
            value = "How far the time of the sender may be off, a duration of a second to an hour.",
            label = "Tolerance of signed times",
            defaultValue = TriggerRequest.TOLERANCE,
            durations = {"PT1S", "PT1H"},
            examples = {"PT5M", "5 minutes"})
        @Nullable String tolerance,
    @Field(
            label = "Deliveries a minute",
            defaultValue = "" + TriggerRequest.RATE,
            least = 1,
            most = 60_000)
        @Nullable Integer ratePerMinute,
    @Field(
            label = "Largest body in bytes",
            defaultValue = "" + TriggerRequest.BODY_BYTES,
            least = 1,
            most = 1024 * 1024)
        @Nullable Integer maxBodyBytes,
    @Field(
            value = "When the address expires.",
            label = "Expires (UTC)",
            input = Input.TIME,
            format = "date-time")
        @Nullable String expiresAt,
    @Field(
            value =
                "Whether deliveries start runs. While false, they are stored and answered with 409"
                    + " `trigger_disabled`.",
            defaultValue = "true")
        @Nullable Boolean enabled,
    @Field(
            value =
                "The condition in CEL that a delivery must meet to start a run, over `event`,"
                    + " `payload` and `headers`; null for none. A delivery that does not, or for"
                    + " which it can't be evaluated, is recorded and starts nothing.",
            label = "When (optional)",
            input = Input.CODE,
            placeholder = "event == 'push' && payload.ref == 'refs/heads/main'",
            note =
                "A condition in CEL over `event`, the name of the event, such as `push` of GitHub"
                    + " or `invoice.paid` of Stripe, `payload`, the body, and `headers`. Other"
                    + " deliveries are listed and start nothing. Empty: each delivery starts a"
                    + " run.",
            most = 4000,
            examples = "event == 'push' && payload.ref == 'refs/heads/main'")
        @JsonInclude(JsonInclude.Include.ALWAYS)
        @Nullable String when,
    @Field(
            value =
                "The header fields that `when` and, as `{{ @headers.name }}`, the prompts of runs"
                    + " may read; case does not matter. Those with secrets and signatures are"
                    + " refused.",
            label = "Header fields (optional)",
            placeholder = "X-GitHub-Hook-ID",
            note =
                "A line for each that the condition may read, as `headers['x-github-hook-id']`,"
                    + " and the prompt, as `{{ @headers.x-github-hook-id }}`. Those with secrets"
                    + " and signatures are never passed on.",
            most = 20,
            pattern = TriggerFilter.NAME,
            refusal = "must be the name of a header field, such as X-GitHub-Event")
        @Nullable List<@Nullable String> headers)
    implements CheckedRequest {

  /** A request for a signed URL with the defaults. */
  static final TriggerRequest SIGNED_URL =
      new TriggerRequest(null, null, null, null, null, null, null, null, null, null);

  private static final String TOLERANCE = "PT5M";
  private static final int RATE = 600;
  private static final int BODY_BYTES = 256 * 1024;
  private static final int SHORTEST_SECRET = 8;
  private static final int LONGEST_SECRET = 512;

  /** Checks all fields but the end, which depends on the present one. */
  @Override
  public void check() {
    InvalidFields wrong = new InvalidFields();
    DeclaredFields.check(this, wrong);
    if (name != null) {
      wrong.add(() -> checkName(name));
    }
    SignatureScheme of = Coded.find(SignatureScheme.class, scheme).orElse(null);
    if (of != null) {
      wrong.add(() -> checkedSecrets(of));
    }
    wrong.add(this::filter);
    if (expiresAt != null) {
      wrong.add(() -> IsoInstant.parse("expires_at", expiresAt, ChronoUnit.MILLIS));
    }
    wrong.refuse();
  }

  @Override
  public String toString() {
    return "TriggerRequest[…]";
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
    NameRule.PLAIN.check("name", "a trigger's name is", name);
  }

  /**
   * What it asks for, with the defaults.
   *
   * @param known the previous end of the address, which may have passed
   */
  TriggerSettings settings(SignatureScheme of, Instant now, @Nullable Instant known) {
    String off = tolerance == null ? TOLERANCE : tolerance;
    return new TriggerSettings(
        of,
        enabled == null || enabled,
        (int) Durations.parse("tolerance", off).toSeconds(),
        ratePerMinute == null ? RATE : ratePerMinute,
        maxBodyBytes == null ? BODY_BYTES : maxBodyBytes,
        end(now, known),
        filter());
  }

  private @Nullable Instant end(Instant now, @Nullable Instant known) {
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
}
