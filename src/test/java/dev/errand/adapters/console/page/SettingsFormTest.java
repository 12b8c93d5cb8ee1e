package dev.errand.adapters.console.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.field.Field;
import dev.errand.base.field.Input;
import dev.errand.base.json.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a form of declared fields is filled with, and what it requests. */
class SettingsFormTest {
  private static final Json JSON = new Json(new ObjectMapper());
  private static final List<String> SHOWN = List.of("delay", "until", "timezone", "note");
  // A local time of which there are two.
  private static final Thing KNOWN =
      new Thing("PT1M30S", "2030-10-27T01:30:00.250Z", "Europe/Berlin", "as it was", "hidden");

  /** A thing with a field that its form does not show. */
  record Thing(
      @Field(
              label = "Delay, at most (optional)",
              note = "Such as `5m` or `1h`",
              durations = {"PT1S", "PT1H"})
          @Nullable String delay,
      @Field(input = Input.TIME) @Nullable String until,
      @Field @Nullable String timezone,
      @Field @Nullable String note,
      @Field @Nullable String other) {}

  private static SettingsForm<Thing> form() {
    return SettingsForm.of(Thing.class, SHOWN, KNOWN, "a", JSON);
  }

  private static ObjectNode sent(Map<String, String> changed) {
    SentForm sent = form().sent();
    for (Map.Entry<String, String> each : changed.entrySet()) {
      sent = sent.with(each.getKey(), each.getValue());
    }
    return form().sent(sent).request(JSON);
  }

  @Test
  void aFormIsFilledAsPeopleTypeIt() {
    assertEquals("1 minute 30 seconds", form().field("delay").value());
    assertEquals("2030-10-27T02:30:00.250", form().field("until").value());
    assertEquals(List.of("Such as ", "5m", " or ", "1h", ""), form().field("delay").note());
    assertEquals(List.of(), form().field("until").note());
  }

  @Test
  void whatNobodyChangedIsExactlyAsItWas() {
    assertEquals(JSON.toTree(KNOWN), sent(Map.of()));
    ObjectNode notSent = form().sent(SentForm.of(Map.of("note", "new"))).request(JSON);
    assertEquals("new", notSent.remove("note").textValue());
    assertEquals(((ObjectNode) JSON.toTree(KNOWN)).without("note"), notSent);
  }

  @Test
  void whatWasChangedIsAsItWasSent() {
    assertEquals("2 h", sent(Map.of("delay", "2 h")).get("delay").textValue());
    assertNull(sent(Map.of("delay", "")).get("delay"));
    ObjectNode moved = sent(Map.of("timezone", "UTC"));
    assertEquals("2030-10-27T02:30:00.250", moved.get("until").textValue());
    assertEquals("hidden", moved.get("other").textValue());
    SettingsForm<Thing> made = SettingsForm.empty(Thing.class, List.of("until"), Map.of());
    SentForm withoutZone = SentForm.of(Map.of("until", "2030-10-27T02:30"));
    assertEquals(
        "2030-10-27T02:30Z", made.sent(withoutZone).request(JSON).get("until").textValue());
  }

  @Test
  void aRefusalHasTheBeginningOfALabel() {
    assertEquals(
        "Delay: is odd", form().refused(ApiException.invalid("delay", "is odd")).message());
  }
}
