package dev.errand.runs.task;

import static dev.errand.support.Api.problem;
import static dev.errand.support.Servlets.address;
import static dev.errand.support.Servlets.publish;
import static dev.errand.support.Servlets.variant;
import static dev.errand.support.SmallLimits.MOST;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.support.OtherUser;
import dev.errand.support.SmallLimits;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of everything there is only so much, and every list comes in pages. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
@WithTestResource(value = SmallLimits.class, scope = TestResourceScope.MATCHING_RESOURCES)
class CapsTest {
  private static final String PROFILE = "/api/profiles/~/default";
  private static final String TASKS = PROFILE + "/tasks";
  private static final String INSTALLATIONS = PROFILE + "/installations";
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static final Pattern LINK = Pattern.compile("<([^>]+)>; rel=\"next\"");

  @Inject DataSource database;

  private String name;
  private OtherUser user;

  @BeforeEach
  void aUserOfItsOwn() {
    name = "capped-" + NUMBER.incrementAndGet();
    user = OtherUser.named(name, database);
  }

  @Test
  void tasks() {
    fill(i -> task("t" + i));
    full(task("one-more"), "too_many_tasks", "errand.task.per-profile");
    task("t0").then().statusCode(200);
    user.api().delete(TASKS + "/t1").then().statusCode(204);
    task("one-more").then().statusCode(201);
    assertPaged(TASKS, "name", List.of("one-more", "t0", "t2", "t3", "t4"));
  }

  @Test
  void installations() {
    publish("admin/capped", "visibility=public", variant("count", "capped"));
    fill(i -> install("i" + i));
    full(install("one-more"), "too_many_installations", "errand.installation.per-profile");
    user.api().body("{}").put(INSTALLATIONS + "/i0").then().statusCode(200);
    user.api().delete(INSTALLATIONS + "/i1").then().statusCode(204);
    install("i1").then().statusCode(201);
    assertPaged(INSTALLATIONS, "installs.name", List.of("i0", "i1", "i2", "i3", "i4"));
  }

  @Test
  void triggers() {
    task("t").then().statusCode(201);
    String triggers = TASKS + "/t/triggers";
    fill(i -> user.api().body(Map.of("scheme", "url")).put(triggers + "/h" + i));
    full(user.api().post(triggers), "too_many_triggers", "errand.trigger.per-task");
    full(
        user.api().post("/api/tasks/" + name + "/default/t/signed"),
        "too_many_triggers",
        "errand.trigger.per-task");
    assertPaged(triggers, "name", List.of("h0", "h1", "h2", "h3", "h4"));
  }

  @Test
  void schedules() {
    task("t").then().statusCode(201);
    String schedules = TASKS + "/t/schedules";
    fill(i -> user.api().body(Map.of("cron", "@daily")).put(schedules + "/s" + i));
    full(
        user.api().body(Map.of("cron", "@daily")).put(schedules + "/one-more"),
        "too_many_schedules",
        "errand.schedule.per-task");
    assertPaged(schedules, "name", List.of("s0", "s1", "s2", "s3", "s4"));
  }

  @Test
  void servletsAndTheirVersions() {
    List<byte[]> versions =
        IntStream.rangeClosed(0, MOST)
            .mapToObj(i -> variant("count", name + " version " + i))
            .toList();
    String slug = name + "/versions";
    for (int i = 0; i < MOST; i++) {
      put(slug, versions.get(i)).then().statusCode(i == 0 ? 201 : 200);
    }
    full(
        put(slug, versions.get(MOST)), "too_many_versions", "errand.registry.versions-per-servlet");
    problem(user.api().get("/api/c/" + address(versions.get(MOST))), 404, "content_not_found");
    put(slug, versions.getFirst()).then().statusCode(200);
    assertPaged(
        "/api/servlets/" + slug,
        "versions.address",
        Stream.of(0, 4, 3, 2, 1).map(i -> address(versions.get(i))).toList());

    for (int i = 1; i < MOST; i++) {
      put(name + "/other-" + i, versions.getFirst()).then().statusCode(201);
    }
    full(
        put(name + "/one-more", versions.getFirst()),
        "too_many_servlets",
        "errand.registry.servlets-per-user");
    put(name + "/other-1", versions.getLast()).then().statusCode(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "limit=0",
        "limit=1001",
        "limit=x",
        "cursor=x",
        "cursor=!",
        "cursor=cnVuOjE",
        "cursor=YWZ0ZXI6AA"
      })
  void aPageThatIsNoneIsRefused(String query) {
    problem(user.api().get(TASKS + "?" + query), 400, "invalid_input");
    problem(user.api().get(INSTALLATIONS + "?" + query), 400, "invalid_input");
  }

  private static void fill(IntFunction<Response> add) {
    for (int i = 0; i < MOST; i++) {
      add.apply(i).then().statusCode(201);
    }
  }

  private static void full(Response answer, String code, String setting) {
    problem(answer, 409, code)
        .then()
        .body("detail", containsString("the limit set by " + setting + ":"));
  }

  /** The list is whole without a limit, and with one it is led through by its links. */
  private void assertPaged(String list, String names, List<String> all) {
    Response whole = user.api().get(list);
    assertEquals(all, whole.path(names));
    assertNull(whole.header("Link"));

    List<String> paged = new ArrayList<>();
    String next = list + "?limit=2";
    for (int pages = 1; next != null; pages++) {
      Response page = user.api().get(next);
      assertEquals(200, page.statusCode(), page.asString());
      List<String> found = page.path(names);
      assertTrue(found.size() <= 2 && pages <= all.size(), found.toString());
      paged.addAll(found);
      String link = page.header("Link");
      next = null;
      if (link != null) {
        Matcher matcher = LINK.matcher(link);
        assertTrue(matcher.matches(), link);
        URI address = URI.create(matcher.group(1));
        assertTrue(address.isAbsolute() && address.getRawQuery().contains("limit=2"), link);
        next = address.getRawPath() + "?" + address.getRawQuery();
      }
    }
    assertEquals(all, paged);
  }

  private Response task(String task) {
    return user.api()
        .body(
            Map.of(
                "runner",
                "openai",
                "openai",
                Map.of("prompt", "Hello", "model", "m", "base_url", "http://localhost:9/v1"),
                "settings",
                Map.of("key", "sk-a-key-for-tests-1234")))
        .put(TASKS + "/" + task);
  }

  private Response install(String as) {
    return user.api().body(Map.of("servlet_slug", "admin/capped", "name", as)).post(INSTALLATIONS);
  }

  private Response put(String slug, byte[] wasm) {
    return publish(user.session(), slug, "", wasm);
  }
}
