package dev.errand.tools.install;

import static dev.errand.support.Api.api;
import static dev.errand.support.Servlets.publish;
import static dev.errand.support.Servlets.wasm;
import static dev.errand.tools.install.InstallationTest.INSTALLATIONS;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.startsWith;

import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Modules of each language, those of Go with their three megabytes too, from upload to a call. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class EveryLanguageInstalledTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "go_probe",
        "as_probe",
        "c_probe",
        "c_command",
        "tinygo_command",
        "tinygo_reactor"
      })
  void aServletOfEachLanguageIsPublishedInstalledAndCalled(String name) {
    byte[] wasm = wasm(name);
    publish("admin/" + name, "config=greeting", wasm)
        .then()
        .statusCode(201)
        .body("versions[0].size", equalTo(wasm.length))
        .body("versions[0].engine", equalTo("compiled"))
        .body("meta.schema.tools.name", hasItems("echo", "get", "vars", "logs", "fail", "crash"));
    install(name, ", \"settings\": {\"config\": {\"greeting\": \"hello\"}}");
    api()
        .body("{\"text\": \"gr\\u00fc\\u00df \\ud83e\\udd89\"}")
        .post(INSTALLATIONS + "/" + name + "/tools/echo")
        .then()
        .statusCode(200)
        .body("isError", equalTo(false))
        .body("content[0].text", startsWith("hello grüß 🦉"));
    api()
        .body("{\"text\": \"x\"}")
        .post(INSTALLATIONS + "/" + name + "/tools/crash")
        .then()
        .statusCode(200)
        .body("isError", equalTo(true));
    api().delete(INSTALLATIONS + "/" + name).then().statusCode(204);
  }

  @Test
  void soIsOneOfRust() {
    publish("admin/rust_words", "", wasm("rust_words"))
        .then()
        .statusCode(201)
        .body("meta.schema.tools.name", hasItem("words"));
    install("rust_words", "");
    api()
        .body("{\"text\": \"one two one\"}")
        .post(INSTALLATIONS + "/rust_words/tools/words")
        .then()
        .statusCode(200)
        .body("isError", equalTo(false));
    api().delete(INSTALLATIONS + "/rust_words").then().statusCode(204);
  }

  private static void install(String name, String more) {
    api()
        .body("{\"servlet_slug\": \"admin/%s\", \"name\": \"%s\"%s}".formatted(name, name, more))
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
  }
}
