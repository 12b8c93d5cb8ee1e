package dev.errand.runs.provider;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.problem;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.errand.support.ApiToken;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is stored of providers, who may do what with them, and which tasks may name them. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ProvidersTest {
  private static final String OWN = "/api/users/~/providers";
  private static final String OF_PROFILE = "/api/profiles/~/default/providers";
  private static final String OF_ADMIN = "/api/profiles/admin/default";
  private static final String KEY = "sk-the-key-of-a-provider-1234";

  private final ScriptedModel model = new ScriptedModel();

  @Inject DataSource database;

  @AfterEach
  void tidyUp() {
    for (String task : List.of("named", "other")) {
      api().delete(TASKS + "/" + task + "?force=true");
    }
    api().delete(OWN + "/mine");
    api().delete(OF_PROFILE + "/ours");
    for (String user : List.of("peer", "spender")) {
      api().delete("/api/profiles/~/default/members/" + user);
    }
    model.close();
  }

  private static String body(String url, String more) {
    return "{\"runner\": \"openai\", \"openai\": {\"model\": \"gpt-4o\", \"base_url\": \""
        + url
        + "\"}"
        + more
        + "}";
  }

  private String withKey(String key) {
    return body(model.url(), ", \"settings\": {\"key\": \"" + key + "\"}");
  }

  private void put(String address) {
    api().body(withKey(KEY)).put(address).then().statusCode(201);
  }

  private static Response task(RequestSpecification by, String address, String provider) {
    return by.body(Map.of("provider", provider, "openai", Map.of("prompt", "Hello"))).put(address);
  }

  @ParameterizedTest
  @CsvSource({
    "/api/users/~/providers/mine, admin/mine",
    "/api/profiles/~/default/providers/ours, admin/default/ours"
  })
  void aProviderIsStoredShownListedAndDeleted(String address, String slug) {
    api()
        .body(withKey(KEY))
        .put(address)
        .then()
        .statusCode(201)
        .body("slug", equalTo(slug))
        .body("runner", equalTo("openai"))
        .body("openai.model", equalTo("gpt-4o"))
        .body("openai", not(hasKey("prompt")))
        .body("openai.base_url", equalTo(model.url()))
        .body("settings.key_hint", equalTo("…1234"))
        .body("task_count", equalTo(0));
    task(api(), TASKS + "/named", slug.replace("admin/", "~/")).then().statusCode(201);
    String shown = api().get(address).then().statusCode(200).extract().asString();
    assertFalse(shown.contains(KEY));
    api()
        .get(address)
        .then()
        .body("tasks", equalTo(List.of("admin/default/named")))
        .body("task_count", equalTo(1));
    api()
        .get(address.substring(0, address.lastIndexOf('/')))
        .then()
        .statusCode(200)
        .body("slug", hasItem(slug))
        .body("find { it.slug == '" + slug + "' }.tasks", hasItem("admin/default/named"));
    api()
        .body(shown)
        .put(address)
        .then()
        .statusCode(200)
        .body("settings.key_hint", equalTo("…1234"));

    problem(api().delete(address), 409, "provider_in_use")
        .then()
        .body("detail", containsString("admin/default/named"));
    api().delete(TASKS + "/named").then().statusCode(204);
    api().delete(address).then().statusCode(204);
    problem(api().get(address), 404, "provider_not_found");
    problem(api().delete(address), 404, "provider_not_found");
    problem(api().post(address + "/check"), 404, "provider_not_found");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"runner\": \"openai\", \"openai\": {\"model\": \"m\"}} | settings.key",
        "{\"runner\": \"openai\", \"settings\": {\"key\": \"k\"}} | openai",
        "{\"runner\": \"abacus\", \"openai\": {\"model\": \"m\"}} | runner",
        "{\"openai\": {\"model\": \"m\"}} | runner",
        "{\"runner\": \"openai\", \"openai\": {\"temperature\": 1}} | openai.model",
        "{\"runner\": \"openai\", \"openai\": {\"model\": \"m\", \"prompt\": \"p\"}} | openai.prompt",
        "{\"runner\": \"openai\", \"openai\": {\"model\": \"m\", \"system\": \"p\"}} | openai.system",
        "{\"runner\": \"openai\", \"openai\": {\"model\": \"m\", \"temperature\": 3}} | openai.temperature",
        "{\"runner\": \"openai\", \"openai\": {\"model\": \"m\", \"base_url\": \"ftp://x\"}} | openai.base_url",
        "{\"runner\": \"openai\", \"openai\": {\"model\": \"m\", \"base_url\": \"http://10.0.0.1/v1\"}} | openai.base_url",
        "{\"runner\": \"openai\", \"openai\": {\"model\": \"m\"}, \"settings\": {\"key\": \"a b\"}} | settings.key",
        "{\"runner\": \"openai\", \"openai\": {\"model\": \"m\"}, \"settings\": {\"timeout\": \"PT1M\"}} | settings.timeout",
        "{\"runner\": \"openai\", \"openai\": {\"model\": \"m\"}, \"colour\": \"red\"} | colour"
      })
  void invalidFieldsAreNamed(String body, String field) {
    api()
        .body(body)
        .put(OWN + "/mine")
        .then()
        .statusCode(400)
        .body("errors[0].field", equalTo(field));
    problem(api().get(OWN + "/mine"), 404, "provider_not_found");
    problem(api().body(withKey(KEY)).put(OWN + "/a%20b"), 400, "invalid_input");
    problem(api().put(OWN + "/mine"), 400, "invalid_input");
  }

  @Test
  void itsKeyGoesToNoOtherServerByItself() {
    put(OWN + "/mine");
    String other = model.url().replace("127.0.0.1", "localhost");
    problem(api().body(body(other, "")).put(OWN + "/mine"), 400, "key_required")
        .then()
        .body("errors[0].field", equalTo("settings.key"))
        .body("detail", allOf(containsString("localhost"), not(containsString(KEY))));
    problem(
        api().body("{\"runner\": \"openai\", \"openai\": {\"model\": \"m\"}}").put(OWN + "/mine"),
        400,
        "key_required");
    api().get(OWN + "/mine").then().body("openai.base_url", equalTo(model.url()));
    // Another path of the same server is no other server.
    api().body(body(model.url() + "/beta", "")).put(OWN + "/mine").then().statusCode(200);
    api()
        .body(body(other, ", \"settings\": {\"key\": \"sk-a-key-for-the-other-5678\"}"))
        .put(OWN + "/mine")
        .then()
        .statusCode(200)
        .body("settings.key_hint", equalTo("…5678"));
  }

  @Test
  void aTaskShowsItsProviderAndHasWhatItSaysItself() {
    put(OWN + "/mine");
    task(api(), TASKS + "/named", "~/mine")
        .then()
        .statusCode(201)
        .body("provider", equalTo("admin/mine"))
        .body("runner", equalTo("openai"))
        .body("settings.key_hint", nullValue())
        .body("openai", equalTo(Map.of("prompt", "Hello")));
    String shown = api().get(TASKS + "/named").asString();
    api().body(shown).put(TASKS + "/named").then().statusCode(200);
    api()
        .body("{\"openai\": {\"model\": \"gpt-4.1\"}}")
        .patch(TASKS + "/named")
        .then()
        .statusCode(200)
        .body("provider", equalTo("admin/mine"))
        .body("openai.model", equalTo("gpt-4.1"));
    api()
        .body("{}")
        .post(TASKS + "/named/preview")
        .then()
        .statusCode(200)
        .body("messages[0].content", equalTo("Hello"))
        .body("key", equalTo(Map.of("present", true, "opens", true)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"provider\": \"~/mine\", \"openai\": {\"prompt\": \"p\", \"base_url\": \"http://127.0.0.1/v1\"}} | openai.base_url",
        "{\"provider\": \"~/mine\", \"openai\": {\"prompt\": \"p\"}, \"settings\": {\"key\": \"k\"}} | settings.key",
        "{\"provider\": \"~/mine\", \"openai\": {\"model\": \"m\"}} | openai.prompt",
        "{\"provider\": \"~/mine\", \"openai\": {\"prompt\": \"{{\"}} | openai.prompt",
        "{\"provider\": \"~/mine\", \"openai\": {\"prompt\": \"p\", \"temperature\": 9}} | openai.temperature",
        "{\"provider\": \"~/mine\", \"runner\": \"abacus\", \"openai\": {\"prompt\": \"p\"}} | runner",
        "{\"provider\": \"~/mine\"} | openai",
        "{\"provider\": \"mine\", \"openai\": {\"prompt\": \"p\"}} | provider",
        "{\"provider\": \"~/absent\", \"openai\": {\"prompt\": \"p\"}} | provider",
        "{\"provider\": \"~/default/mine\", \"openai\": {\"prompt\": \"p\"}} | provider",
        "{\"provider\": \"~/other/mine\", \"openai\": {\"prompt\": \"p\"}} | provider",
        "{\"provider\": \"nobody/mine\", \"openai\": {\"prompt\": \"p\"}} | provider"
      })
  void settingsThatConflictWithAProviderAreNamed(String body, String field) {
    put(OWN + "/mine");
    problem(api().body(body).put(TASKS + "/named"), 400, "invalid_input")
        .then()
        .body("errors[0].field", equalTo(field));
  }

  @Test
  void aTaskChangesFromKeyToProviderAndBack() {
    put(OWN + "/mine");
    api()
        .body(
            "{\"runner\": \"openai\", \"openai\": {\"prompt\": \"Hello\", \"model\": \"m\","
                + " \"base_url\": \""
                + model.url()
                + "\"}, \"settings\": {\"key\": \"sk-the-key-of-the-task-9999\"}}")
        .put(TASKS + "/named")
        .then()
        .statusCode(201);
    api()
        .body("{\"provider\": \"~/mine\"}")
        .patch(TASKS + "/named")
        .then()
        .statusCode(200)
        .body("provider", equalTo("admin/mine"))
        .body("settings.key_hint", nullValue())
        .body("openai", equalTo(Map.of("prompt", "Hello", "model", "m")));
    // The task's own key is gone with it.
    String back = "{\"provider\": null, \"openai\": {\"base_url\": \"" + model.url() + "\"}}";
    problem(api().body(back).patch(TASKS + "/named"), 400, "key_required");
    api()
        .body(
            back.replace(
                "\"openai\"",
                "\"settings\": {\"key\": \"sk-another-key-of-the-task-7777\"}, \"openai\""))
        .patch(TASKS + "/named")
        .then()
        .statusCode(200)
        .body("$", not(hasKey("provider")))
        .body("settings.key_hint", equalTo("…7777"));
    api().delete(OWN + "/mine").then().statusCode(204);
  }

  @Test
  void onlyTheirUserSeesProviders() {
    put(OWN + "/mine");
    OtherUser peer = OtherUser.named("peer", database);
    problem(peer.api().get(OWN + "/mine"), 404, "provider_not_found");
    peer.api().get(OWN).then().statusCode(200).body("name", not(hasItem("mine")));
    ApiToken limited =
        ApiToken.make(api(), List.of("read", "write"), Map.of("profiles", List.of("~/default")));
    problem(limited.api().get(OWN), 403, "scope_missing");
    problem(limited.api().body(withKey(KEY)).put(OWN + "/mine"), 403, "scope_missing");
    // Nor does such a token spend the user's keys.
    problem(task(limited.api(), TASKS + "/named", "~/mine"), 400, "invalid_input");
    task(api(), TASKS + "/named", "~/mine").then().statusCode(201);
    task(limited.api(), TASKS + "/named", "~/mine").then().statusCode(200);
  }

  @Test
  void anEditorOfASharedProfileSpendsNobodysKeyByNamingIt() {
    put(OWN + "/mine");
    put(OF_PROFILE + "/ours");
    OtherUser spender = member("spender", "editor");
    spender.api().body(withKey(KEY)).put(OWN + "/own").then().statusCode(201);
    for (String provider : List.of("admin/mine", "~/own", "spender/own")) {
      problem(task(spender.api(), OF_ADMIN + "/tasks/other", provider), 400, "invalid_input");
    }
    task(spender.api(), OF_ADMIN + "/tasks/other", "admin/default/ours").then().statusCode(201);
    // The owner's provider stays where it is, whoever sends its name back.
    task(api(), TASKS + "/named", "~/mine").then().statusCode(201);
    task(spender.api(), OF_ADMIN + "/tasks/named", "admin/mine").then().statusCode(200);
    spender
        .api()
        .body("{\"openai\": {\"prompt\": \"Changed\"}}")
        .patch(OF_ADMIN + "/tasks/named")
        .then()
        .statusCode(200)
        .body("provider", equalTo("admin/mine"));
    // The owner doesn't spend the key of an editor.
    problem(task(api(), TASKS + "/other", "spender/own"), 400, "invalid_input");
    spender.api().delete(OWN + "/own").then().statusCode(204);
  }

  @Test
  void aViewerSeesAProfilesProvidersAndAnEditorChangesThem() {
    put(OF_PROFILE + "/ours");
    OtherUser peer = member("peer", "viewer");
    String providers = OF_ADMIN + "/providers";
    peer.api().get(providers).then().statusCode(200).body("name", hasItem("ours"));
    problem(peer.api().body(withKey(KEY)).put(providers + "/ours"), 403, "role_missing");
    problem(peer.api().delete(providers + "/ours"), 403, "role_missing");
    problem(peer.api().post(providers + "/ours/check"), 403, "role_missing");
    OtherUser _ = member("peer", "editor");
    peer.api().body(body(model.url(), "")).put(providers + "/ours").then().statusCode(200);
    problem(
        peer.api()
            .body(body(model.url().replace("127.0.0.1", "localhost"), ""))
            .put(providers + "/ours"),
        400,
        "key_required");
    assertEquals(200, peer.api().post(providers + "/ours/check").statusCode());
  }

  @Test
  void changesOfAProviderAreAuditedWithoutItsKey() {
    put(OWN + "/mine");
    api().body(body(model.url() + "/beta", "")).put(OWN + "/mine").then().statusCode(200);
    api().body(withKey("sk-another-key-5678")).put(OWN + "/mine").then().statusCode(200);
    problem(
        api().body(body(model.url().replace("127.0.0.1", "localhost"), "")).put(OWN + "/mine"),
        400,
        "key_required");
    api().delete(OWN + "/mine").then().statusCode(204);
    Response lines = api().get("/api/audit?object=providers/admin/mine&limit=4");
    lines
        .then()
        .statusCode(200)
        .body("actor.user", everyItem(equalTo("admin")))
        .body(
            "action",
            equalTo(
                List.of(
                    "provider.deleted",
                    "provider.changed",
                    "provider.changed",
                    "provider.created")))
        .body("[1].changes.'settings.key'.changed", equalTo(true))
        .body("[1].changes", not(hasKey("settings.key_hint")))
        .body("[2].changes.'openai.base_url'.to", equalTo(model.url() + "/beta"))
        .body("[2].changes", not(hasKey("settings.key")));
    assertFalse(lines.asString().contains(KEY));
  }

  @Test
  void aProfilesProviderIsFoundByTheFormerNameOfTheProfile() {
    String profile = "/api/profiles/~/former";
    api().body("{}").post(profile).then().statusCode(201);
    put(profile + "/providers/ours");
    task(api(), profile + "/tasks/one", "~/former/ours").then().statusCode(201);
    api().body("{\"name\": \"latter\"}").patch(profile).then().statusCode(200);
    task(api(), profile + "/tasks/one", "admin/former/ours")
        .then()
        .statusCode(200)
        .body("provider", equalTo("admin/latter/ours"));
    problem(task(api(), TASKS + "/named", "admin/latter/ours"), 400, "invalid_input");
    api().delete("/api/profiles/~/latter").then().statusCode(204);
    problem(api().get("/api/profiles/~/latter/providers"), 404, "profile_not_found");
  }

  @Test
  void providersGoWithTheirUserAndTheUsersTasks() {
    OtherUser peer = OtherUser.named("leaver", database);
    peer.api().body(withKey(KEY)).put(OWN + "/mine").then().statusCode(201);
    peer.api().body(withKey(KEY)).put(OF_PROFILE + "/ours").then().statusCode(201);
    task(peer.api(), TASKS + "/one", "~/mine").then().statusCode(201);
    task(peer.api(), TASKS + "/two", "~/default/ours").then().statusCode(201);
    api().delete("/api/users/leaver").then().statusCode(204);
  }

  private OtherUser member(String user, String role) {
    OtherUser other = OtherUser.named(user, database);
    api()
        .body("{\"role\": \"" + role + "\"}")
        .put("/api/profiles/~/default/members/" + user)
        .then()
        .statusCode(oneOf(200, 201));
    return other;
  }
}
