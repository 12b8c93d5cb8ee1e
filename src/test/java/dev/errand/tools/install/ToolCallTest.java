package dev.errand.tools.install;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.ended;
import static dev.errand.support.Api.register;
import static dev.errand.support.Api.trigger;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.say;
import static dev.errand.support.Servlets.publish;
import static dev.errand.support.Servlets.variant;
import static dev.errand.support.Servlets.wasm;
import static dev.errand.tools.install.InstallationTest.INSTALLATIONS;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ToolCallTest {
  @Inject DataSource database;

  @Test
  void aToolIsCalledWithoutAModelAndShowsWhatItLogged() {
    installed("said", "c_echo");
    tool("said", "echo", "{\"text\": \"hello\"}")
        .statusCode(200)
        .body("isError", equalTo(false))
        .body("content[0].type", equalTo("text"))
        .body("content[0].text", containsString("\"text\":\"hello\""))
        .body("logs[0].level", equalTo(30))
        .body("logs[0].msg", startsWith("called with"));
    api().post(INSTALLATIONS + "/said/tools/echo").then().statusCode(200);
    tool("said", "shout", "{}")
        .statusCode(404)
        .body("code", equalTo("tool_not_found"))
        .body("detail", containsString("echo"));
    tool("unsaid", "echo", "{}").statusCode(404).body("code", equalTo("installation_not_found"));
    tool("said", "echo", "[1]").statusCode(400);
  }

  @Test
  void failuresOfAToolAreAnswersAndNotErrorsOfTheRequest() {
    installed("kinds", "output_kinds");
    tool("kinds", "probe", "{}")
        .statusCode(200)
        .body("isError", equalTo(true))
        .body("content[1].type", equalTo("image"))
        .body("content[1].mimeType", equalTo("image/png"))
        .body("content[1].data", equalTo("AAAA"));
    installed("traps", "unreachable");
    tool("traps", "probe", "{}").statusCode(200).body("isError", equalTo(true));
  }

  @Test
  void aToolReachesTheHostsThatWereGrantedAndNoOthers() throws IOException {
    HttpServer site =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    site.createContext(
        "/",
        exchange -> {
          byte[] body = "plain words".getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/plain");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    site.start();
    try {
      String arguments = "{\"url\": \"http://127.0.0.1:" + site.getAddress().getPort() + "/\"}";
      api()
          .body("{\"servlet_slug\": \"errand/fetch\", \"name\": \"narrow\"}")
          .post(INSTALLATIONS)
          .then()
          .statusCode(201);
      tool("narrow", "fetch", arguments)
          .body("isError", equalTo(true))
          .body("content[0].text", containsString("127.0.0.1 is not among the hosts"))
          .body(
              "content[0].text",
              containsString(
                  "Grant it: curl -X PATCH \"$ERRAND/api/profiles/admin/default/installations/narrow\""))
          .body("content[0].text", containsString("\"domains\":[\"127.0.0.1\"]"));
      change("narrow", "{\"settings\": {\"network\": {\"domains\": [\"127.0.0.1\"]}}}");
      tool("narrow", "fetch", arguments)
          .body("isError", equalTo(false))
          .body("content[0].text", containsString("plain words"));
      change("narrow", "{\"settings\": {\"network\": {\"domains\": [\"example.org\"]}}}");
      tool("narrow", "fetch", arguments).body("isError", equalTo(true));
    } finally {
      site.stop(0);
    }
  }

  @Test
  void aFailureOfAToolSaysWhatItsInstallationLacks() {
    publish("admin/lacking", "config=answer", wasm("config_echo")).then().statusCode(201);
    api().body("{\"servlet_slug\": \"admin/lacking\"}").post(INSTALLATIONS).then().statusCode(201);
    tool("lacking", "probe", "{}")
        .body("isError", equalTo(true))
        .body("content", hasSize(2))
        .body("content[1].text", containsString("the setting \"answer\", which has no value"))
        .body("content[1].text", containsString("curl -X PATCH"));
    change("lacking", "{\"settings\": {\"config\": {\"answer\": \"x\"}}}");
    tool("lacking", "probe", "{}").body("isError", equalTo(true)).body("content", hasSize(1));
  }

  @Test
  void aFailureForAnotherReasonDoesNotSayWhatIsLacking() {
    publish("admin/unasked", "config=API_KEY&domains=a.example", wasm("error"))
        .then()
        .statusCode(201);
    api().body("{\"servlet_slug\": \"admin/unasked\"}").post(INSTALLATIONS).then().statusCode(201);
    tool("unasked", "probe", "{}").body("isError", equalTo(true)).body("content", hasSize(1));
  }

  @Test
  void aModelGetsTheMissingSettingsWithoutACommand() {
    installed("lacked", "http");
    installed("unset", "config_echo");
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request ->
              switch (request.size()) {
                case 1 -> call("c1", "lacked_probe", "{}");
                case 3 -> call("c2", "unset_probe", "{}");
                default -> say("The end.");
              });
      register("lacking-model", "Hello", model);
      trigger("lacking-model", "r", Map.of());
      List<String> answers =
          ended("lacking-model", "r")
              .getList(
                  "results.findAll { it.msg == 'call tool result' }.exchange.content",
                  String.class);
      assertTrue(answers.get(0).contains("is not among the hosts"), answers.toString());
      assertTrue(answers.get(0).contains("installation \"lacked\""), answers.toString());
      assertTrue(
          answers.get(1).contains("setting \"answer\" of the installation \"unset\""),
          answers.toString());
      assertFalse(answers.toString().contains("curl"), answers.toString());
    }
  }

  @Test
  void aToolThatIsSwitchedOffAnswersSoAndNoModelSeesIt() {
    installed("switched", "count");
    try (ScriptedModel model = new ScriptedModel()) {
      register("switching", "Hello", model).then().statusCode(201);
      api()
          .body("{}")
          .post(TASKS + "/switching/preview")
          .then()
          .body("tools.name", hasItem("switched_probe"));
      change("switched", "{\"disabled_tools\": [\"probe\"]}");
      tool("switched", "probe", "{}")
          .statusCode(200)
          .body("isError", equalTo(true))
          .body("content[0].text", containsString("switched off"));
      api()
          .body("{}")
          .post(TASKS + "/switching/preview")
          .then()
          .body("tools.name", not(hasItem("switched_probe")));
      change("switched", "{\"disabled_tools\": []}");
      tool("switched", "probe", "{}").body("content[0].text", equalTo("00001001"));
    }
  }

  @Test
  void settingsThatWereMovedFromAnotherInstallationDoNotOpen() throws SQLException {
    installed("victim", "config_echo");
    change("victim", "{\"settings\": {\"config\": {\"answer\": \"victims-secret\"}}}");
    installed("thief", "config_echo");
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "UPDATE installation SET config_keys = '{answer}', config_sealed = (SELECT config_sealed"
              + " FROM installation WHERE name = 'victim') WHERE name = 'thief'");
    }
    tool("thief", "probe", "{}")
        .statusCode(200)
        .body("isError", equalTo(true))
        .body("content[0].text", containsString("must be set again"))
        .body("content[0].text", not(containsString("victims-secret")));
    change("thief", "{\"settings\": {\"config\": {\"answer\": \"own\"}}}");
    tool("thief", "probe", "{}").body("content[0].text", containsString("own"));
  }

  @Test
  void aRunKeepsItsBytesToItsEndAndMindsSettingsSwitchesAndUninstallingAtItsNextCall() {
    publish("admin/mid-run", "", variant("config_echo", "mid-run")).then().statusCode(201);
    api()
        .body(
            """
            {"servlet_slug": "admin/mid-run", "allow_update": true,
             "settings": {"config": {"answer": "value-1"}}}""")
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
    try (ScriptedModel model = new ScriptedModel()) {
      model.script(
          request -> {
            // Before each step but the first, the installation changes.
            switch (request.size()) {
              case 3 -> {
                change("mid-run", "{\"settings\": {\"config\": {\"answer\": \"value-2\"}}}");
                publish("admin/mid-run", "", variant("count", "mid-run")).then().statusCode(200);
              }
              case 5 -> change("mid-run", "{\"disabled_tools\": [\"probe\"]}");
              case 7 -> api().delete(INSTALLATIONS + "/mid-run").then().statusCode(204);
              default -> {}
            }
            return request.size() < 9
                ? call("c" + request.size(), "mid-run_probe", "{}")
                : say("The end.");
          });
      register("mid-run", "Hello", model);
      trigger("mid-run", "r", Map.of());
      JsonPath run = ended("mid-run", "r");

      assertEquals("ready", run.getString("status"), run.prettify());
      String results = "results.findAll { it.msg == 'call tool result' }";
      List<String> answers = run.getList(results + ".exchange.content", String.class);
      assertEquals(4, answers.size(), run.prettify());
      assertTrue(answers.get(0).contains("value-1"), answers.toString());
      assertTrue(answers.get(1).contains("value-2"), answers.toString());
      assertEquals("The tool mid-run_probe is switched off.", answers.get(2));
      assertEquals("The tool mid-run_probe is no longer installed.", answers.get(3));
      assertEquals(List.of(true, true), run.getList(results + ".is_error").subList(2, 4));
    }
  }

  private static void installed(String name, String servlet) {
    publish("admin/" + name, "", wasm(servlet)).then().statusCode(201);
    api()
        .body("{\"servlet_slug\": \"admin/" + name + "\"}")
        .post(INSTALLATIONS)
        .then()
        .statusCode(201);
  }

  private static void change(String name, String body) {
    api().body(body).put(INSTALLATIONS + "/" + name).then().statusCode(200);
  }

  private static ValidatableResponse tool(String name, String tool, String arguments) {
    return api().body(arguments).post(INSTALLATIONS + "/" + name + "/tools/" + tool).then();
  }
}
