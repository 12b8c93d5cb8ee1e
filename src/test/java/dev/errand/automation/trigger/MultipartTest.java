package dev.errand.automation.trigger;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Api.register;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.automation.trigger.Multipart.Field;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fields of a multipart form are parameters. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class MultipartTest {
  private static final String TYPE = "multipart/form-data; boundary=b0";

  /** As curl -F and browsers write it. */
  private static final String FORM =
      """
      a preamble\r
      --b0\r
      Content-Disposition: form-data; name="word"\r
      \r
      hé 🎉\r
      --b0  \r
      content-disposition: form-data; name="list"\r
      Content-Type: text/plain; charset=utf-8\r
      \r
      one\r
      \r
      --b00 is no boundary\r
      --b0\r
      Content-Disposition: form-data; name="list"\r
      \r
      \r
      --b0\r
      Content-Disposition: form-data; name="cv"; filename="a.pdf"\r
      Content-Type: application/pdf\r
      \r
      %PDF\r
      --b0\r
      Content-Disposition: form-data; name="q%22uote"\r
      \r
      x\r
      --b0--\r
      an epilogue""";

  @Test
  void theFieldsAreReadAndFilesArePassedOver() {
    assertEquals(
        Optional.of(
            List.of(
                new Field("word", "hé 🎉"),
                new Field("list", "one\r\n\r\n--b00 is no boundary"),
                new Field("list", ""),
                new Field("q\"uote", "x"))),
        fields(TYPE, FORM));
    assertEquals(Optional.of(List.of()), fields(TYPE, "--b0--"));
    assertEquals(
        Optional.of(List.of()),
        fields(TYPE, "--b0 x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--b0--"));
    assertEquals(
        Optional.of(List.of(new Field("a", "1"))),
        fields(
            "Multipart/Form-Data; charset=utf-8; Boundary=\"b 0\"",
            "--b 0\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b 0--\r\n"));
  }

  @Test
  void aValueIsReadInTheCharsetOfItsPart() {
    byte[] body =
        "--b0\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Type: text/plain;charset=ISO-8859-1\r\n\r\né\r\n--b0--"
            .getBytes(StandardCharsets.ISO_8859_1);
    assertEquals(Optional.of(List.of(new Field("a", "é"))), Multipart.fields(TYPE, body));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no boundary in it",
        "--b0",
        "--b0\r\n",
        "--b0\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncut off",
        "--b0\r\nContent-Disposition: form-data; name=\"a\"\r\n--b0--",
      })
  void malformedBodiesHaveNoFields(String body) {
    assertEquals(Optional.empty(), fields(TYPE, body));
    assertEquals(Optional.empty(), fields("multipart/form-data", body));
  }

  @Test
  void aHeaderThatDoesNotEndIsNotReadForEver() {
    String endless = "--b0\r\nX: " + "y".repeat(100_000) + "\r\n\r\n1\r\n--b0--";
    assertEquals(Optional.empty(), fields(TYPE, endless));
  }

  @Test
  void aPartWithoutANameIsPassedOver() {
    String body =
        "--b0\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b0\r\n\r\n2\r\n"
            + "--b0\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n3\r\n--b0--";
    assertEquals(Optional.of(List.of()), fields(TYPE, body));
  }

  @Test
  void aFormThatIsPostedStartsARunAndOneThatIsTooLargeStartsNone() {
    try (ScriptedModel model = new ScriptedModel()) {
      register("formed", "Say {{ word }} to {{ list }}", model).then().statusCode(201);
      String url =
          Hooks.make("formed", "form", "url", List.of(), Map.of("max_body_bytes", 1000))
              .then()
              .statusCode(201)
              .extract()
              .path("url");
      String run = Hooks.run(Hooks.post(url, TYPE, FORM));
      assertEquals("ready", ended("formed", run).getString("status"));
      api()
          .get(TASKS + "/formed/runs/" + run)
          .then()
          .body("parameters.word", equalTo("hé 🎉"))
          .body("parameters.list", equalTo(List.of("one\r\n\r\n--b00 is no boundary", "")));
      problem(Hooks.post(url, TYPE, FORM.replace("preamble", "x".repeat(1000))), 413, "too_large");
      problem(Hooks.post(url, TYPE, "--b0\r\ncut off"), 400, "missing_parameters");
      api().delete(TASKS + "/formed?force=true").then().statusCode(204);
    }
  }

  private static Optional<List<Field>> fields(String type, String body) {
    return Multipart.fields(type, body.getBytes(StandardCharsets.UTF_8));
  }
}
