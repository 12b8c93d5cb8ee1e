package dev.errand.app.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Locale;

/**
 * Removes the secret parts of addresses from traces: the path of a trigger starts runs, that of an
 * invitation sets a password, that of a monitor takes heartbeats, and a query may contain anything.
 */
@ApplicationScoped
class SecretAddresses implements SpanProcessor {
  private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
  private static final AttributeKey<String> QUERY = AttributeKey.stringKey("url.query");
  private static final AttributeKey<String> ADDRESS = AttributeKey.stringKey("url.full");
  private static final List<String> OPEN = List.of("/api/", "/q/", "/events");
  private static final String HIDDEN = "REDACTED";

  @Override
  public void onStart(Context parent, ReadWriteSpan span) {
    if (span.getAttribute(ADDRESS) != null) {
      // Server and port are attributes of their own.
      span.setAttribute(ADDRESS, HIDDEN);
    }
    if (span.getKind() != SpanKind.SERVER) {
      return;
    }
    String path = span.getAttribute(PATH);
    if (path != null && !isOpen(path)) {
      span.setAttribute(PATH, HIDDEN);
    }
    if (span.getAttribute(QUERY) != null) {
      span.setAttribute(QUERY, HIDDEN);
    }
  }

  // One address can be written in many ways: only one that certainly has no secret, and no dot
  // segments, is kept.
  private static boolean isOpen(String path) {
    return OPEN.stream().anyMatch(path::startsWith)
        && !path.startsWith("/api/invitations")
        && !path.contains("..")
        && !path.toLowerCase(Locale.ROOT).contains("%2e");
  }

  @Override
  public boolean isStartRequired() {
    return true;
  }

  @Override
  public void onEnd(ReadableSpan span) {}

  @Override
  public boolean isEndRequired() {
    return false;
  }
}
