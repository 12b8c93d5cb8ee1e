package dev.errand.app.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import org.junit.jupiter.api.Test;

/** What traces show of addresses that programs ask. */
class SecretAddressesTest {
  @Test
  void theAddressOfAPeerThatIsAskedIsHidden() {
    try (SdkTracerProvider traces =
        SdkTracerProvider.builder().addSpanProcessor(new SecretAddresses()).build()) {
      ReadableSpan span =
          (ReadableSpan)
              traces
                  .get("test")
                  .spanBuilder("GET")
                  .setSpanKind(SpanKind.CLIENT)
                  .setAttribute("url.full", "https://monitor.example/ping/a-token")
                  .setAttribute("server.address", "monitor.example")
                  .startSpan();
      assertEquals("REDACTED", span.getAttribute(AttributeKey.stringKey("url.full")));
      assertEquals("monitor.example", span.getAttribute(AttributeKey.stringKey("server.address")));
    }
  }
}
