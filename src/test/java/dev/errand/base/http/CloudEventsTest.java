package dev.errand.base.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CloudEventsTest {
  private static final ObjectMapper JSON = JsonMapper.builder().build();
  private static final String PLAIN =
      """
      {"specversion": "1.0", "id": "e-1", "source": "/here", "type": "dev.example.made",
       "subject": "x", "time": "2026-11-24T20:00:00Z", "data": {"a": [1]}}""";

  private final List<String> parsed = new ArrayList<>();
  private final CloudEvents events = new CloudEvents(new Json(JSON));

  @Test
  void aStructuredEventIsRead() throws Exception {
    CloudEvent event = structured(PLAIN).orElseThrow();
    assertEquals("e-1", event.id());
    assertEquals("/here", event.source());
    assertEquals("dev.example.made", event.type());
    assertEquals("x", event.subject());
    assertEquals(JSON.readTree("{\"a\": [1]}"), event.data());
  }

  @Test
  void aBinaryEventIsReadFromItsHeaders() throws Exception {
    CloudEvent event =
        read(
                Map.of(
                    "ce-specversion", "1.0",
                    "ce-id", "e-2",
                    "ce-source", "/there",
                    "ce-type", "t",
                    "ce-subject", "Euro%20%E2%82%AC",
                    "Content-Type", "application/json"),
                "{\"b\": 2}")
            .orElseThrow();
    assertEquals("e-2", event.id());
    assertEquals("Euro €", event.subject());
    assertEquals(2, event.data().path("b").asInt());
  }

  @Test
  void anAttributeThatIsNullIsNotThere() {
    assertThrows(
        ApiException.class, () -> structured(PLAIN.replace("\"id\": \"e-1\"", "\"id\": null")));
    assertNull(
        structured(PLAIN.replace("\"subject\": \"x\"", "\"subject\": null"))
            .orElseThrow()
            .subject());
  }

  @Test
  void dataThatIsNoJsonIsText() {
    CloudEvent event =
        read(
                Map.of(
                    "ce-specversion", "1.0",
                    "ce-id", "e",
                    "ce-source", "s",
                    "ce-type", "t",
                    "Content-Type", "text/plain"),
                "{not json")
            .orElseThrow();
    assertEquals("{not json", event.data().asText());
  }

  @Test
  void dataInBase64IsDecoded() {
    CloudEvent event =
        structured(
                """
                {"specversion": "1.0", "id": "e", "source": "s", "type": "t",
                 "datacontenttype": "application/json", "data_base64": "eyJhIjogMX0="}""")
            .orElseThrow();
    assertEquals(1, event.data().path("a").asInt());
  }

  @Test
  void aRequestThatIsNoEventHasNone() {
    assertEquals(
        Optional.empty(), read(Map.of("Content-Type", "application/json"), "{\"id\": \"x\"}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}",
        "{\"specversion\": \"0.3\", \"id\": \"e\", \"source\": \"s\", \"type\": \"t\"}",
        "{\"specversion\": \"1.0\", \"id\": \"\", \"source\": \"s\", \"type\": \"t\"}",
        "{\"specversion\": \"1.0\", \"id\": \"e\", \"type\": \"t\"}",
        "{\"specversion\": \"1.0\", \"id\": \"e\", \"source\": \"s\"}",
        "{\"specversion\": \"1.0\", \"id\": {}, \"source\": \"s\", \"type\": \"t\"}",
      })
  void malformedCloudEventsAreRefused(String body) {
    assertThrows(ApiException.class, () -> structured(body));
  }

  @Test
  void aBatchIsRefused() {
    ApiException refused =
        assertThrows(
            ApiException.class,
            () -> read(Map.of("Content-Type", "application/cloudevents-batch+json"), "[]"));
    assertEquals(
        "Content-Type: batches are not supported: send one event per request",
        refused.getMessage());
  }

  @Test
  void memoryIsToldOfEachTextThatIsParsed() {
    String body =
        "{\"specversion\":\"1.0\",\"id\":\"e\",\"source\":\"s\",\"type\":\"t\","
            + "\"datacontenttype\":\"application/json\",\"data_base64\":\"eyJhIjoxfQ==\"}";
    assertTrue(structured(body).isPresent());
    assertEquals(List.of(body, "{\"a\":1}"), parsed);
  }

  @Test
  void writtenEventsAreReadAgain() {
    CloudEvent event = structured(PLAIN).orElseThrow();
    String written = new String(events.write(event), StandardCharsets.UTF_8);
    assertEquals(event, structured(written).orElseThrow());
    assertTrue(written.contains("\"specversion\":\"1.0\""));
  }

  private Optional<CloudEvent> structured(String body) {
    return read(Map.of("Content-Type", "application/cloudevents+json; charset=UTF-8"), body);
  }

  private Optional<CloudEvent> read(Map<String, String> headers, String body) {
    Map<String, String> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    anyCase.putAll(headers);
    return events.read(anyCase::get, body.getBytes(StandardCharsets.UTF_8), parsed::add);
  }
}
