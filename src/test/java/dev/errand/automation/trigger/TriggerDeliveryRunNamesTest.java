package dev.errand.automation.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.CloudEvents;
import dev.errand.base.json.Json;
import dev.errand.base.limit.ByteBudget;
import dev.errand.base.limit.ParsedTexts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TriggerDeliveryRunNamesTest {
  private static final String FRESH = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
  private static final String DIGEST = "sha256:[0-9a-f]{64}";

  private static final Json JSON = new Json(new ObjectMapper());

  private UUID trigger = UUID.randomUUID();

  private static final ParsedTexts.Held MEMORY =
      new ParsedTexts(new ByteBudget(1 << 30), Duration.ZERO).open();

  private final ContentReader reader = new ContentReader(new CloudEvents(JSON), JSON);

  @ParameterizedTest
  @EnumSource(names = {"URL", "GITHUB", "BEARER"})
  void theFirstThatIsSentOfTheseIsTheName(SignatureScheme scheme) {
    Map<String, String> fields = new LinkedHashMap<>();
    assertTrue(name(scheme, fields, "{\"id\":\"b\"}").matches(FRESH));
    fields.put("ce-id", "e");
    fields.put("ce-specversion", "1.0");
    fields.put("ce-source", "s");
    fields.put("ce-type", "t");
    assertEquals("e", name(scheme, fields, ""));
    fields.put("X-GitHub-Delivery", "g");
    assertEquals("g", name(scheme, fields, ""));
    fields.put("svix-id", "s");
    assertEquals("s", name(scheme, fields, ""));
    fields.put("webhook-id", "w");
    assertEquals("w", name(scheme, fields, ""));
    fields.put("Idempotency-Key", "\"i\"");
    assertEquals("i", name(scheme, fields, ""));
    fields.put("Run-Id", "r");
    assertEquals("r", name(scheme, fields, ""));
    fields.put("Run-Id", "");
    assertEquals("i", name(scheme, fields, ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a/b", "schedule@2026-11-24T20:00:00Z", ".", "..", "na\u00efve", "a\tb", "@"})
  void anIdThatIsNoNameBecomesItsDigest(String id) {
    String name = name(SignatureScheme.URL, Map.of("webhook-id", id), "");

    assertTrue(name.matches(DIGEST), name);
    assertEquals(name, name(SignatureScheme.URL, Map.of("Idempotency-Key", id), ""));
    assertThrows(ApiException.class, () -> name(SignatureScheme.URL, Map.of("run-id", "a/b"), ""));
    assertThrows(ApiException.class, () -> name(SignatureScheme.URL, Map.of("run-id", "a@b"), ""));
    // A server reads what a header has beside ASCII as Latin-1, whatever it was meant to be.
    assertThrows(
        ApiException.class, () -> name(SignatureScheme.URL, Map.of("run-id", "\u00c3\u00bc"), ""));
  }

  @Test
  void aNameHas255CharactersAtTheMost() {
    assertEquals(
        "n".repeat(255), name(SignatureScheme.URL, Map.of("webhook-id", "n".repeat(255)), ""));
    assertEquals(
        "sha256:342aaaf5a0fcb18cba413f00ff46ffc9bcaa496b545e0998a81056cc7bec6aea",
        name(SignatureScheme.URL, Map.of("webhook-id", "n".repeat(256)), ""));
  }

  @Test
  void onlySignedValuesBecomeTheName() {
    Map<String, String> others =
        Map.of(
            "run-id", "r",
            "Idempotency-Key", "i",
            "webhook-id", "msg_1",
            "Stripe-Signature", "t=17,v1=aa",
            "X-Slack-Request-Timestamp", "17",
            "X-GitHub-Delivery", "g",
            "ce-id", "e");
    assertEquals("msg_1", name(SignatureScheme.STANDARD_WEBHOOKS, others, "{\"id\":\"b\"}"));
    assertEquals("evt_1", name(SignatureScheme.STRIPE, others, "{\"id\":\"evt_1\"}"));
    assertEquals("Ev01", name(SignatureScheme.SLACK, others, "{\"event_id\":\"Ev01\"}"));
  }

  @ParameterizedTest
  @CsvSource({"STRIPE,Stripe-Signature,'t=17,v1=aa'", "SLACK,X-Slack-Request-Timestamp,17"})
  void aSignedDeliveryWithoutAnIdIsNamedByItsTimeAndBody(
      SignatureScheme scheme, String field, String value) {
    Map<String, String> fields = Map.of(field, value);
    String name = name(scheme, fields, "text=hello");

    assertTrue(name.matches(DIGEST), name);
    assertEquals(name, name(scheme, fields, "text=hello"));
    assertNotEquals(name, name(scheme, fields, "text=hullo"));
    trigger = UUID.randomUUID();
    assertNotEquals(name, name(scheme, fields, "text=hello"));
    assertNotEquals(name, name(scheme, Map.of(field, value.replace("17", "18")), "text=hello"));
  }

  @Test
  void moreSignaturesInAHeaderOfStripeMakeNoOtherRun() {
    assertEquals(
        name(SignatureScheme.STRIPE, Map.of("Stripe-Signature", "t=17,v1=aa"), "{}"),
        name(SignatureScheme.STRIPE, Map.of("Stripe-Signature", "v0=bb,t=17,v1=aa,v1=cc"), "{}"));
  }

  @ParameterizedTest
  @EnumSource(names = {"URL", "GITHUB", "BEARER"})
  void anEventNamesItsRunInEitherForm(SignatureScheme scheme) {
    String event = "{\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"s\",\"type\":\"t\"}";
    assertEquals(
        "e-1", name(scheme, Map.of("Content-Type", "application/cloudevents+json"), event));
    assertEquals(
        "e-1",
        name(
            scheme,
            Map.of("ce-specversion", "1.0", "ce-id", "e-1", "ce-source", "s", "ce-type", "t"),
            "{}"));
    // Other bodies with an id are no events.
    assertTrue(
        name(scheme, Map.of("Content-Type", "application/json"), event).matches(FRESH), event);
  }

  private String name(SignatureScheme scheme, Map<String, String> fields, String body) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    fields.forEach((name, value) -> all.put(name, List.of(value)));
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    HookRequest incoming = new HookRequest(new Fields(all), bytes, "test");
    return TriggerDeliveryRunNames.choose(
        trigger, scheme, incoming, reader.read(scheme, incoming.fields(), bytes, MEMORY));
  }
}
