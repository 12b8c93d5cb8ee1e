package dev.errand.identity.audit;

import java.util.function.Consumer;

/** Lines of the audit that are sent as JSON lines while they are read. */
record AuditExport(Consumer<Consumer<AuditLine>> lines) {
  /** The media type of JSON lines. */
  static final String MEDIA_TYPE = "application/x-ndjson";
}
