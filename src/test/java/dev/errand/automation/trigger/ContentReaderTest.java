package dev.errand.automation.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.CloudEvents;
import dev.errand.base.json.Json;
import dev.errand.base.limit.ByteBudget;
import dev.errand.base.limit.JsonWeight;
import dev.errand.base.limit.ParsedTexts;
import java.net.URLEncoder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentReaderTest {
  private static final String FORM = "application/x-www-form-urlencoded";

  private static final String MANY = "{\"a\":[" + "{},".repeat(1000) + "{}]}";

  private final ByteBudget budget = new ByteBudget(1 << 30);
  private final ParsedTexts.Held memory = new ParsedTexts(budget, Duration.ZERO).open();
  private final ObjectMapper json =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();
  private final ContentReader reader =
      new ContentReader(new CloudEvents(new Json(json)), new Json(json));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "application/json",
        "application/json; charset=utf-8",
        "application/vnd.github+json",
        "text/plain",
        FORM,
        "application/octet-stream",
        "nonsense"
      })
  void aJsonObjectBecomesParametersWithAnyContentType(String type) {
    String body = " {\"a\": \"é 🎉\", \"n\": 0.10, \"o\": {\"x\": [1]}} ";
    TriggerDeliveryContent content = read(SignatureScheme.URL, Map.of("Content-Type", type), body);

    assertEquals("{\"a\":\"é 🎉\",\"n\":0.10,\"o\":{\"x\":[1]}}", content.parameters().toString());
    assertEquals(body, content.payload());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  ",
        "plain text",
        "[1, 2]",
        "\"text\"",
        "17",
        "null",
        "{\"cut\": ",
        "{} {}",
        "<a>é</a>"
      })
  void anythingElseIsPayloadAsItCame(String body) {
    for (String type : List.of("application/json", "text/plain", FORM)) {
      TriggerDeliveryContent content =
          read(SignatureScheme.URL, Map.of("Content-Type", type), body);
      assertEquals("{}", content.parameters().toString());
      assertEquals(body, content.payload());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a=1&b=two+words|{\"a\":\"1\",\"b\":\"two words\"}",
        "a=%C3%A9%20%F0%9F%8E%89&b=|{\"a\":\"é 🎉\",\"b\":\"\"}",
        "a=1&a=2&a=3|{\"a\":[\"1\",\"2\",\"3\"]}",
        "a.b=1&%2Fc=2|{\"a.b\":\"1\",\"/c\":\"2\"}",
        "a=b=c&flag|{\"a\":\"b=c\",\"flag\":\"\"}",
        "=x&&a=1&|{\"a\":\"1\"}",
        "a=%zz|{}",
        "payload=%7B%22a%22%3A1%7D|{\"payload\":\"{\\\"a\\\":1}\"}",
      })
  void theFieldsOfAFormAreParameters(String body, String parameters) {
    TriggerDeliveryContent content =
        read(SignatureScheme.URL, Map.of("Content-Type", FORM + "; charset=UTF-8"), body);

    assertEquals(parameters, content.parameters().toString());
    assertEquals(body, content.payload());
  }

  @ParameterizedTest
  @CsvSource({"GITHUB,true", "SLACK,true", "STRIPE,false", "BEARER,false"})
  void theJsonThatGithubAndSlackWrapInAFormIsUnwrapped(
      SignatureScheme scheme, boolean isUnwrapped) {
    String body = "payload=%7B%22action%22%3A%22opened%22%7D";
    TriggerDeliveryContent content = read(scheme, Map.of("Content-Type", FORM), body);

    assertEquals(isUnwrapped ? "opened" : "", content.parameters().path("action").asText());
    assertEquals(isUnwrapped ? "{\"action\":\"opened\"}" : body, content.payload());
    TriggerDeliveryContent more = read(scheme, Map.of("Content-Type", FORM), body + "&token=x");
    assertEquals("x", more.parameters().path("token").asText());
  }

  @Test
  void aDeclaredCharsetIsHeldAndAnUnknownOneIsUtf8() {
    byte[] latin = "{\"a\":\"é\"}".getBytes(Charset.forName("ISO-8859-1"));
    Fields declared =
        new Fields(Map.of("content-type", List.of("application/json; Charset=\"iso-8859-1\"")));

    assertEquals(
        "é",
        reader.read(SignatureScheme.URL, declared, latin, memory).parameters().path("a").asText());
    assertEquals(
        "é",
        read(
                SignatureScheme.URL,
                Map.of("Content-Type", "text/plain; charset=none-such"),
                "{\"a\":\"é\"}")
            .parameters()
            .path("a")
            .asText());
    TriggerDeliveryContent binary =
        reader.read(
            SignatureScheme.URL, new Fields(Map.of()), new byte[] {(byte) 0xff, 0, 'a'}, memory);
    assertEquals("\uFFFD\0a", binary.payload());
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16", "UTF-16LE", "ISO-8859-1", "windows-1252", "IBM037"})
  void theTreeOfABodyIsHeldForInEachCharset(String charset) {
    assertEquals(1001, read("application/json", MANY, charset).parameters().path("a").size());
    assertEquals(JsonWeight.of(MANY), budget.used());
    memory.close();
    assertEquals(0, budget.used());
  }

  @Test
  void textsOfAnyCharsetAndTypeAreHeldFor() {
    assertEquals(1001, read("text/plain", MANY, "IBM037").parameters().path("a").size());
    assertEquals(JsonWeight.of(MANY), budget.used());
    assertEquals(
        1001, read("application/octet-stream", MANY, "UTF-8").parameters().path("a").size());
    assertEquals(2 * JsonWeight.of(MANY), budget.used());
  }

  @Test
  void fieldsAreHeldForWhateverTheirQuotesAre() {
    String fields = "a=\"" + "&a=".repeat(1000);
    assertEquals(1001, read(FORM, fields, "IBM037").parameters().path("a").size());
    assertEquals(JsonWeight.of(fields) + JsonWeight.ofForm(fields), budget.used());
    assertTrue(JsonWeight.ofForm(fields) > 200_000);
  }

  @Test
  void jsonInTextsIsHeldFor() {
    String wrapped = "payload=" + URLEncoder.encode(MANY, StandardCharsets.UTF_8);
    TriggerDeliveryContent form =
        read(SignatureScheme.GITHUB, Map.of("Content-Type", FORM), wrapped);
    assertEquals(1001, form.parameters().path("a").size());
    long held = budget.used();
    assertTrue(held > JsonWeight.of(MANY), held + " bytes");
    assertEquals(1001, event("\"data\":" + json(MANY)).parameters().path("a").size());
    long more = budget.used() - held;
    assertTrue(more > JsonWeight.of(MANY), more + " bytes");
    String base64 = Base64.getEncoder().encodeToString(MANY.getBytes(StandardCharsets.UTF_8));
    assertEquals(1001, event("\"data_base64\":" + json(base64)).parameters().path("a").size());
    long most = budget.used() - held - more;
    assertTrue(most > JsonWeight.of(MANY), most + " bytes");
  }

  @Test
  void whatFindsNoMemoryIsNotParsed() {
    ByteBudget little = new ByteBudget(JsonWeight.of(MANY) - 1);
    ParsedTexts.Held few = new ParsedTexts(little, Duration.ZERO).open();
    byte[] body = MANY.getBytes(StandardCharsets.UTF_8);
    ApiException refused =
        assertThrows(
            ApiException.class,
            () -> reader.read(SignatureScheme.URL, new Fields(Map.of()), body, few));
    assertEquals(ErrorCode.TOO_LARGE, refused.code());
  }

  private TriggerDeliveryContent event(String data) {
    return read(
        SignatureScheme.URL,
        Map.of("Content-Type", "application/cloudevents+json"),
        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\"," + data + "}");
  }

  private String json(String text) {
    return new Json(json).write(text);
  }

  private TriggerDeliveryContent read(String type, String body, String charset) {
    return reader.read(
        SignatureScheme.URL,
        new Fields(Map.of("content-type", List.of(type + "; charset=" + charset))),
        body.getBytes(Charset.forName(charset)),
        memory);
  }

  @Test
  void aByteOrderMarkDoesNotHideAnObject() {
    assertEquals(
        "{\"a\":1}",
        read(SignatureScheme.URL, Map.of(), "\uFEFF{\"a\":1}").parameters().toString());
  }

  @Test
  void anObjectThatIsNestedTooDeepIsText() {
    String body = "{\"a\":".repeat(5000) + "1" + "}".repeat(5000);
    assertEquals("{}", read(SignatureScheme.URL, Map.of(), body).parameters().toString());
  }

  @Test
  void aBinaryEventIsItsBodyAndItsFieldsAreItsAttributes() {
    TriggerDeliveryContent content =
        read(
            SignatureScheme.URL,
            Map.of(
                "Content-Type", "application/json",
                "ce-specversion", "1.0",
                "ce-id", "A%20234-1%2B2+3",
                "ce-source", "/mycontext",
                "ce-type", "com.example.someevent",
                "ce-comexampleextension1", "value"),
            "{\"a\":1}");

    assertEquals("{\"a\":1}", content.parameters().toString());
    assertEquals("/mycontext", Objects.requireNonNull(content.event()).source());
    assertEquals("A 234-1+2+3", content.eventId(false).orElseThrow());
    assertEquals(true, content.eventId(true).isEmpty());
    assertNull(read(SignatureScheme.URL, Map.of("ce-id", "1"), "{}").event());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"data\":{\"a\":1}|{\"a\":1}|{\"a\":1}|{\"a\":1}",
        "\"data\":{}|{}|{}|{}",
        "\"data\":\"text\"|{}|text|\"text\"",
        "\"data\":\"{\\\"a\\\":1}\"|{\"a\":1}|{\"a\":1}|{\"a\":1}",
        "\"data\":[1,2]|{}|[1,2]|[1,2]",
        "\"data\":[{\"a\":1}]|{}|[{\"a\":1}]|[{\"a\":1}]",
        "\"data\":5|{}|5|5",
        "\"data\":null|{}|''|null",
        "\"subject\":\"s\"|{}|''|\"\"",
        "\"data_base64\":\"eyJhIjoxfQ==\"|{\"a\":1}|{\"a\":1}|{\"a\":1}",
        "\"data_base64\":\"aGVsbG8=\"|{}|hello|\"hello\"",
      })
  void aStructuredEventSaysWhatItsDataSays(
      String data, String parameters, String payload, String value) {
    TriggerDeliveryContent content =
        read(
            SignatureScheme.BEARER,
            Map.of("Content-Type", "application/cloudevents+json; charset=UTF-8"),
            "{\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"s\",\"type\":\"t\","
                + data
                + "}");

    assertEquals(parameters, content.parameters().toString());
    assertEquals(payload, content.payload());
    assertEquals(value, content.value().toString());
    assertEquals("e-1", content.eventId(true).orElseThrow());
    assertEquals(true, content.eventId(false).isEmpty());
  }

  @Test
  void theDataOfAStructuredEventIsNoWordOfItsSendersProtocol() {
    TriggerDeliveryContent content =
        read(
            SignatureScheme.SLACK,
            Map.of("Content-Type", "application/cloudevents+json"),
            "{\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"s\",\"type\":\"t\","
                + "\"data\":{\"event_id\":\"another\"}}");

    assertEquals(true, content.text("event_id").isEmpty());
  }

  @Test
  void aFormIsInTheCharsetThatItDeclares() {
    TriggerDeliveryContent content =
        read(
            SignatureScheme.URL,
            Map.of("Content-Type", FORM + "; charset=ISO-8859-1"),
            "a=%E4&b=x");

    assertEquals("{\"a\":\"ä\",\"b\":\"x\"}", content.parameters().toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "text", "[]", "{}", "{\"id\":1}", "{\"id\":\"1\",\"data_base64\":\"!\"}"})
  void invalidCloudEventsAreRefused(String body) {
    ApiException e =
        assertThrows(
            ApiException.class,
            () ->
                read(
                    SignatureScheme.URL,
                    Map.of("Content-Type", "application/cloudevents+json"),
                    body));
    assertEquals(400, e.code().status());
  }

  private TriggerDeliveryContent read(
      SignatureScheme scheme, Map<String, String> fields, String body) {
    Map<String, List<String>> all = new LinkedHashMap<>();
    fields.forEach((name, value) -> all.put(name, List.of(value)));
    return reader.read(scheme, new Fields(all), body.getBytes(StandardCharsets.UTF_8), memory);
  }
}
