package dev.errand.automation.trigger;

import dev.errand.base.database.CodedColumn;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Coded;
import jakarta.persistence.Converter;

/** The scheme by which deliveries to a trigger are authenticated. */
public enum SignatureScheme implements Coded {
  /** By the signed address alone. */
  URL("Signed URL"),
  /** Standard Webhooks 1.0, with symmetric keys. */
  STANDARD_WEBHOOKS("Standard Webhooks"),
  /** {@code X-Hub-Signature-256}, as GitHub sends it. */
  GITHUB("GitHub"),
  /** {@code Stripe-Signature}. */
  STRIPE("Stripe"),
  /** {@code X-Slack-Signature}. */
  SLACK("Slack"),
  /** {@code Authorization: Bearer}, with the secret itself. */
  BEARER("Bearer token");

  /** How entities store it. */
  @Converter(autoApply = true)
  public static class Stored extends CodedColumn<SignatureScheme> {
    public Stored() {
      super(SignatureScheme.class);
    }
  }

  private final String words;

  SignatureScheme(String words) {
    this.words = words;
  }

  @Override
  public String code() {
    return Coded.super.code().replace('_', '-');
  }

  @Override
  public String words() {
    return words;
  }

  /** Whether deliveries are signed, or carry a secret. */
  public boolean isVerified() {
    return this != URL;
  }

  /** Whether the service may generate the secret; if not, the sender issues it. */
  public boolean takesAnySecret() {
    return switch (this) {
      case STANDARD_WEBHOOKS, GITHUB, BEARER -> true;
      case URL, STRIPE, SLACK -> false;
    };
  }

  /**
   * The scheme of that code.
   *
   * @throws ApiException when there is none
   */
  public static SignatureScheme of(String code) {
    return Coded.require(SignatureScheme.class, "scheme", code);
  }
}
