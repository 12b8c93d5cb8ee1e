package dev.errand.trigger;

/** The header fields of Standard Webhooks, which older senders name after Svix. */
final class StandardFields {
  private static final String STANDARD = "webhook-";
  private static final String SVIX = "svix-";

  private StandardFields() {}

  /** What the names of the fields begin with; one family alone is looked at. */
  static String family(Fields fields) {
    boolean svix =
        fields.first(STANDARD + "signature").isEmpty()
            && fields.first(SVIX + "signature").isPresent();
    return svix ? SVIX : STANDARD;
  }
}
