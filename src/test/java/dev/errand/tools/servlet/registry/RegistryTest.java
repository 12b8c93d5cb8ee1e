package dev.errand.tools.servlet.registry;

import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static dev.errand.support.Servlets.address;
import static dev.errand.support.Servlets.publish;
import static dev.errand.support.Servlets.variant;
import static dev.errand.support.Servlets.wasm;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.support.OtherUser;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("lambda")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RegistryTest {
  @Inject DataSource database;

  @Test
  void bytesArePublishedOnceAndAgainAndAsANewVersion() {
    byte[] first = wasm("c_echo");
    publish(
            "admin/echo",
            "description=Says%20it%20back&visibility=public&domains=a.example,*.b.example&config=token,tone",
            first)
        .then()
        .statusCode(201)
        .body("slug", equalTo("admin/echo"))
        .body("description", equalTo("Says it back"))
        .body("visibility", equalTo("public"))
        .body("address", equalTo(address(first)))
        .body("meta.lastContentAddress", equalTo(address(first)))
        .body("meta.schema.tools[0].name", equalTo("echo"))
        .body("meta.requirements.domains", contains("a.example", "*.b.example"))
        .body("meta.requirements.config", contains("token", "tone"))
        .body("versions.address", contains(address(first)))
        .body("versions[0].yanked", equalTo(false))
        .body("versions[0].size", equalTo(first.length))
        .body("versions[0].engine", equalTo("compiled"))
        .body("versions[0].tools[0].inputSchema.type", equalTo("object"));
    publish("~/echo", "address=" + address(first), first)
        .then()
        .statusCode(200)
        .body("versions.size()", equalTo(1))
        .body("description", equalTo("Says it back"));

    byte[] second = variant("c_echo", "second");
    publish("admin/echo", "", second)
        .then()
        .statusCode(200)
        .body("address", equalTo(address(second)))
        .body("meta.requirements.config", contains("token", "tone"))
        .body("versions.address", contains(address(second), address(first)));
    publish("admin/echo", "", first)
        .then()
        .statusCode(200)
        .body("versions.address", contains(address(first), address(second)));
  }

  // The mock of Lambda takes shorter addresses, and so does Lambda's HTTP API.
  @Tag("not-on-lambda")
  @Test
  void aDescriptionMayHaveItsLengthInAnyScript() {
    String description = "\u6f22".repeat(2_000);
    publish(
            "admin/script",
            "description=" + URLEncoder.encode(description, StandardCharsets.UTF_8),
            wasm("count"))
        .then()
        .statusCode(201)
        .body("description", equalTo(description));
  }

  @Test
  void refusedModulesAreNotStoredAndTheAnswerSaysWhy() {
    refused("refused_import", containsString("imports"));
    refused("describe_fails", containsString("describe"));
    refused("loop_start", containsString("longer than"));
    publish("admin/bad", "", new byte[0]).then().statusCode(400);
    publish("admin/bad", "", "no wasm".getBytes(StandardCharsets.UTF_8))
        .then()
        .statusCode(400)
        .body("code", equalTo("invalid_servlet"));
    api().get("/api/servlets/admin/bad").then().statusCode(404);
  }

  private static void refused(String name, org.hamcrest.Matcher<String> why) {
    byte[] bytes = wasm(name);
    publish("admin/bad", "", bytes)
        .then()
        .statusCode(400)
        .body("code", equalTo("invalid_servlet"))
        .body("detail", why);
    api().get("/api/c/" + address(bytes)).then().statusCode(404);
  }

  @Test
  void onlyOwnersPublishAndNoUserOwnsBundledServlets() {
    byte[] wasm = wasm("count");
    publish("errand/count", "", wasm).then().statusCode(403).body("code", equalTo("forbidden"));
    publish("somebody/count", "", wasm).then().statusCode(403);
    api().delete(yank("errand/fetch", address(wasm("fetch")))).then().statusCode(403);
    publish(OtherUser.named("errand", database).session(), "errand/x", "", wasm)
        .then()
        .statusCode(403);
  }

  @Test
  void invalidFieldsAreReported() {
    byte[] wasm = wasm("count");
    invalid("admin/.count", "", "name");
    invalid("admin/valid", "visibility=secret", "visibility");
    invalid("admin/valid", "domains=https://a.example", "domains");
    invalid("admin/valid", "domains=127.1", "domains")
        .body("detail", containsString("write four decimal parts"));
    invalid("admin/valid", "domains=http://a.example", "domains")
        .body("detail", containsString("has a scheme before it"));
    invalid("admin/valid", "domains=a.example:80", "domains")
        .body("detail", containsString("has a port after it"));
    invalid("admin/valid", "domains=[2001:db8::1]:80", "domains")
        .body("detail", containsString("has a port after it"));
    invalid("admin/valid", "description=a%00b", "description");
    invalid("admin/valid", "visiblity=public", "visiblity");
    publish("admin/valid", "address=" + "0".repeat(64), wasm)
        .then()
        .statusCode(400)
        .body("errors[0].field", equalTo("address"))
        .body("detail", containsString(address(wasm)));
    api().get("/api/servlets/admin/valid").then().statusCode(404);
    api()
        .body("{}")
        .put("/api/servlets/admin/valid")
        .then()
        .statusCode(415)
        .body("detail", containsString("application/wasm"))
        .body("detail", not(containsString("application/json")))
        .body("detail", containsString("--data-binary @file.wasm"));
    for (byte[] lost : List.of(new byte[0], new byte[] {'a', 's', 'm', 1, 5, 1})) {
      publish("admin/valid", "visibility=private", lost)
          .then()
          .statusCode(400)
          .body("detail", containsString("--data-binary @file.wasm"));
    }
  }

  @Test
  void invalidSearchesAreReportedByField() {
    for (String field : List.of("limit", "offset")) {
      for (String value : List.of("-1", "x", "99999999999")) {
        api()
            .get("/api/servlets?" + field + "=" + value)
            .then()
            .statusCode(400)
            .body("errors[0].field", equalTo(field));
      }
    }
    api()
        .get("/api/servlets?query=x")
        .then()
        .statusCode(400)
        .body("errors[0].field", equalTo("query"));
  }

  @Test
  void aVersionSaysHowTheProcessThatAnswersRunsIt() throws SQLException {
    api().get("/api/servlets/errand/calc").then().body("versions[0].engine", equalTo("built-in"));
    byte[] wasm = variant("count", "engine");
    publish("admin/engine", "", wasm).then().body("versions[0].engine", equalTo("compiled"));
    // As if a process had taken it that met functions too large to compile.
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "UPDATE servlet_content SET engine = 'interpreted' WHERE address = ?")) {
      statement.setString(1, address(wasm));
      assertEquals(1, statement.executeUpdate());
    }
    api().get("/api/servlets/admin/engine").then().body("versions[0].engine", equalTo("compiled"));
  }

  private static ValidatableResponse invalid(String slug, String query, String field) {
    return publish(slug, query, wasm("count"))
        .then()
        .statusCode(400)
        .body("code", equalTo("invalid_input"))
        .body("errors[0].field", equalTo(field));
  }

  @Test
  void aSearchFindsNamesDescriptionsAndToolsAndNothingPrivateOfOthers() {
    OtherUser bob = OtherUser.named("bob", database);
    publish("admin/wordy", "description=Counts%20Words&visibility=public", wasm("rust_words"))
        .then()
        .statusCode(201);
    publish(bob.session(), "bob/hidden-words", "description=Secret", wasm("rust_words"))
        .then()
        .statusCode(201);

    search("q=WORDY").body("slug", contains("admin/wordy"));
    search("q=counts+words")
        .body("slug", contains("admin/wordy"))
        .body("[0].visibility", equalTo("public"))
        .body("[0].installation_count", equalTo(0))
        .body("[0].meta.description", equalTo("Counts Words"))
        .body("[0].meta.lastContentAddress", equalTo(address(wasm("rust_words"))))
        .body("[0].created_at", endsWith("Z"));
    String tool = search("q=wordy").extract().path("[0].meta.schema.tools[0].name");
    search("q=" + tool).body("slug", hasItem("admin/wordy"));
    search("q=errand/fetch").body("slug", contains("errand/fetch"));
    search("q=hidden-words").body("size()", equalTo(0));
    search("q=%25").body("size()", equalTo(0));
    search("q=wordy%00").body("slug", contains("admin/wordy"));
    search("q=wor*+!hidden").body("slug", hasItem("admin/wordy"));
    search("q=%22counts%20words%22").body("slug", hasItem("admin/wordy"));
    search("q=%22words%20counts%22").body("slug", not(hasItem("admin/wordy")));
    search("q=wordy+!%22counts%20words%22").body("size()", equalTo(0));
    search("q=!wordy")
        .body("slug", not(hasItem("admin/wordy")))
        .body("slug", hasItem("errand/fetch"));
    search("q=*+!+%22%22").body("slug", hasItem("errand/fetch"));
    search("limit=100").body("slug", hasItem("errand/fetch"));
    bob.api().get("/api/servlets?q=hidden").then().body("slug", contains("bob/hidden-words"));
    api().get("/api/servlets?limit=0").then().statusCode(400);
    search("q=" + "wordy+".repeat(16) + "!no+".repeat(16)).body("slug", hasItem("admin/wordy"));
    problem(
            api().get("/api/servlets?q=" + "wordy+".repeat(16) + "!no+".repeat(17)),
            400,
            "invalid_input")
        .then()
        .body("detail", containsString("32 words"));
    api().get("/api/servlets/bob/hidden-words").then().statusCode(404);
    bob.api().get("/api/servlets/~/hidden-words").then().statusCode(200);
  }

  private static ValidatableResponse search(String query) {
    return api().get("/api/servlets?" + query).then().statusCode(200);
  }

  @Test
  void aYankedVersionIsPassedOverAndStaysYankedWhenItsBytesComeAgain() {
    byte[] first = variant("count", "yank 1");
    byte[] second = variant("count", "yank 2");
    publish("admin/yanked", "visibility=public", first).then().statusCode(201);
    publish("admin/yanked", "", second).then().statusCode(200);
    api()
        .post(yank("admin/yanked", address(second)))
        .then()
        .statusCode(200)
        .body("address", equalTo(address(first)))
        .body("versions.yanked", contains(true, false));
    publish("admin/yanked", "", second)
        .then()
        .statusCode(200)
        .body("address", equalTo(address(first)));
    api().get("/api/c/" + address(second)).then().statusCode(200);
    api().post(yank("admin/yanked", address(first))).then().body("address", nullValue());
    OtherUser.named("carol", database)
        .api()
        .get("/api/servlets?q=admin/yanked")
        .then()
        .body("size()", equalTo(0));
    api().get("/api/servlets").then().body("slug", hasItem("admin/yanked"));
    api()
        .delete(yank("admin/yanked", address(second)))
        .then()
        .statusCode(200)
        .body("address", equalTo(address(second)));
    api()
        .post(yank("admin/yanked", "0".repeat(64)))
        .then()
        .statusCode(404)
        .body("code", equalTo("version_not_found"));
    OtherUser.named("carol", database)
        .api()
        .post(yank("admin/yanked", address(second)))
        .then()
        .statusCode(403);
  }

  private static String yank(String slug, String address) {
    return "/api/servlets/" + slug + "/versions/" + address + "/yank";
  }

  @Test
  void aVersionIsYankedByItsNumberToo() {
    publish("admin/numbered", "", variant("count", "numbered 1")).then().statusCode(201);
    publish("admin/numbered", "", variant("count", "numbered 2"))
        .then()
        .statusCode(200)
        .body("versions.number", contains(2, 1));
    api()
        .post(yank("admin/numbered", "1"))
        .then()
        .statusCode(200)
        .body("versions.yanked", contains(false, true));
    api()
        .delete(yank("admin/numbered", "1"))
        .then()
        .body("versions.yanked", contains(false, false));
    api()
        .post(yank("admin/numbered", "latest"))
        .then()
        .body("versions.yanked", contains(true, false));
    api().post(yank("admin/numbered", "3")).then().statusCode(404);
  }

  @Test
  void aNumberStaysWithItsBytesWhenTheyComeAgain() {
    byte[] first = variant("count", "stable 1");
    byte[] second = variant("count", "stable 2");
    byte[] third = variant("count", "stable 3");
    publish("admin/stable", "", first).then().statusCode(201);
    publish("admin/stable", "", second).then().statusCode(200);
    publish("admin/stable", "", first)
        .then()
        .statusCode(200)
        .body("address", equalTo(address(first)))
        .body("versions.number", contains(1, 2))
        .body("note", nullValue());
    publish("admin/stable", "", third)
        .then()
        .body("address", equalTo(address(third)))
        .body("versions.number", contains(3, 1, 2));
    String next =
        api()
            .get("/api/servlets/admin/stable?limit=1")
            .then()
            .body("versions.number", contains(3))
            .extract()
            .header("Link");
    String following = next.substring(next.indexOf("/api"), next.indexOf('>'));
    api().urlEncodingEnabled(false).get(following).then().body("versions.number", contains(1));
    api()
        .post(yank("admin/stable", "1"))
        .then()
        .statusCode(200)
        .body("versions.find { it.yanked }.address", equalTo(address(first)));
  }

  @Test
  void publishingYankedBytesSaysHowTheYankIsTakenBack() {
    byte[] first = variant("count", "noted 1");
    publish("admin/noted", "", first).then().statusCode(201);
    api().post(yank("admin/noted", "1")).then().statusCode(200);
    publish("admin/noted", "", first)
        .then()
        .statusCode(200)
        .body("address", nullValue())
        .body("note", containsString("yanked"))
        .body(
            "note",
            containsString(
                "curl -X DELETE \"$ERRAND" + yank("admin/noted", address(first)) + "\""));
    api().get("/api/servlets/admin/noted").then().body("note", nullValue());
  }

  @Test
  void anEmptyBodyIsCalledEmpty() {
    publish("admin/empty", "", new byte[0])
        .then()
        .statusCode(400)
        .body("detail", containsString("is empty"))
        .body("detail", not(containsString("lost")));
  }

  @Test
  void aServletThatNothingUsesIsDeletedWithItsBytes() {
    byte[] shared = variant("count", "deleted 1");
    byte[] alone = variant("count", "deleted 2");
    publish("admin/deleted", "", shared).then().statusCode(201);
    publish("admin/deleted", "", alone).then().statusCode(200);
    publish("admin/deleted-not", "", shared).then().statusCode(201);
    OtherUser.named("erin", database)
        .api()
        .delete("/api/servlets/admin/deleted")
        .then()
        .statusCode(404);
    api().delete("/api/servlets/~/deleted").then().statusCode(204);
    api().get("/api/servlets/admin/deleted").then().statusCode(404);
    api()
        .delete("/api/servlets/~/deleted")
        .then()
        .statusCode(404)
        .body("code", equalTo("servlet_not_found"));
    api().get("/api/c/" + address(alone)).then().statusCode(404);
    api().get("/api/c/" + address(shared)).then().statusCode(200);
    publish("admin/deleted", "", alone).then().statusCode(201).body("versions.number", contains(1));
    api()
        .delete("/api/servlets/errand/fetch")
        .then()
        .statusCode(403)
        .body("code", equalTo("forbidden"));
  }

  @Test
  void bytesAreServedForeverAndPrivateOnesOnlyToTheirOwner() {
    byte[] open = variant("count", "served");
    byte[] hidden = variant("count", "hidden");
    publish("admin/served", "visibility=public", open).then().statusCode(201);
    publish("admin/unserved", "visibility=private", hidden).then().statusCode(201);
    OtherUser dave = OtherUser.named("dave", database);
    byte[] got =
        dave.api()
            .get("/api/c/" + address(open))
            .then()
            .statusCode(200)
            .contentType("application/wasm")
            .header("ETag", equalTo("\"" + address(open) + "\""))
            .header("Cache-Control", containsString("immutable"))
            .extract()
            .asByteArray();
    assertArrayEquals(open, got);
    dave.api()
        .header("If-None-Match", "\"x\", \"y\"", "W/\"" + address(open) + "\"")
        .get("/api/c/" + address(open))
        .then()
        .statusCode(304)
        .header("ETag", equalTo("\"" + address(open) + "\""));
    dave.api().get("/api/c/" + address(hidden)).then().statusCode(404);
    dave.api()
        .header("If-None-Match", "*")
        .get("/api/c/" + address(hidden))
        .then()
        .statusCode(404)
        .body("code", equalTo("content_not_found"));
    api().get("/api/c/" + address(hidden)).then().statusCode(200);
    api().get("/api/c/nothing").then().statusCode(404);
  }

  @Test
  void largeBytesAreServedPartByPart() {
    byte[] wasm = wasm("count");
    // A custom section of 3 MB, whose size is a LEB128 number.
    int size = 3 << 20;
    byte[] large = Arrays.copyOf(wasm, wasm.length + 5 + size);
    ByteBuffer.wrap(large, wasm.length, 6)
        .put(new byte[] {0, (byte) 0x80, (byte) 0x80, (byte) 0xC0, 1, 0});
    for (int i = wasm.length + 6; i < large.length; i++) {
      large[i] = (byte) (i * 31 + (i >> 16));
    }
    publish("admin/large-parts", "", large).then().statusCode(201);
    byte[] got =
        api()
            .get("/api/c/" + address(large))
            .then()
            .statusCode(200)
            .header("Content-Length", Integer.toString(large.length))
            .extract()
            .asByteArray();
    assertArrayEquals(large, got);
  }

  @Test
  void publishingTheSameAtOnceMakesOneServletWithOneVersion() {
    byte[] wasm = variant("count", "at once");
    List<Integer> statuses =
        List.of(1, 2, 3, 4).parallelStream()
            .map(i -> publish("admin/at-once", "", wasm).statusCode())
            .sorted()
            .toList();
    assertEquals(List.of(200, 200, 200, 201), statuses);
    api().get("/api/servlets/admin/at-once").then().body("versions.size()", equalTo(1));
  }
}
