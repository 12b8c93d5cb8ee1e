package dev.errand.automation.trigger;

/** The header fields of Standard Webhooks, which older senders name after Svix. */
public final class StandardWebhooksHeaders {
  private static final String STANDARD = "webhook-";
  private static final String SVIX = "svix-";

  private StandardWebhooksHeaders() {}

  /** The prefix of the names; only one family is used. */
  public static String family(Fields fields) {
    boolean svix =
        fields.first(STANDARD + "signature").isEmpty()
            && fields.first(SVIX + "signature").isPresent();
    return svix ? SVIX : STANDARD;
  }
}
