package dev.errand.adapters.console;

import static dev.errand.support.Api.api;
import static dev.errand.support.ScriptedModel.call;
import static dev.errand.support.ScriptedModel.error;
import static dev.errand.support.ScriptedModel.say;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.limit.ReadBudget;
import dev.errand.support.Api;
import dev.errand.support.Browser;
import dev.errand.support.Browser.Page;
import dev.errand.support.Eventually;
import dev.errand.support.OtherUser;
import dev.errand.support.ScriptedMcp;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page that compares two runs of a task. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ComparePageTest {
  private static final String PROFILE = "/api/profiles/~/console-compare";
  private static final String HOME = "/console/admin/console-compare";
  private static final String COMPARE = HOME + "/tasks/read/compare";
  private static final String HOSTILE = "<img src=x onerror=alert(1)>{x}\"'&";

  @Inject DataSource database;
  @Inject ReadBudget budget;

  private final ScriptedModel model = new ScriptedModel();
  private final Browser admin = new Browser(Api.SESSION);

  @BeforeEach
  void aTask() {
    api().body("{}").post(PROFILE).then().statusCode(201);
    api()
        .body(Map.of("servlet_slug", "errand/calc", "name", "calc"))
        .post(PROFILE + "/installations")
        .then()
        .statusCode(201);
    register("read");
    model.script(request -> say("Fine."));
  }

  @AfterEach
  void tidyUp() {
    model.close();
    api().delete(PROFILE + "?force=true").then().statusCode(204);
  }

  private void register(String task) {
    api()
        .body(Api.task("Read {{ what }}", model.url(), Map.of("key", "sk-1")))
        .put(PROFILE + "/tasks/" + task)
        .then()
        .statusCode(201);
  }

  private static void run(String run, String what) {
    api()
        .body(Map.of("parameters", Map.of("what", what)))
        .put(PROFILE + "/tasks/read/runs/" + run + "?wait=60")
        .then()
        .statusCode(201);
  }

  private static List<String> diff(Page page, String part) {
    return page.html().select("#" + part + " ~ pre.diff > *").eachText();
  }

  private static String fact(Page page, String name) {
    return page.html().select("tbody th:contains(" + name + ") ~ td").eachText().stream()
        .collect(Collectors.joining(" | "));
  }

  @Test
  void aRunIsComparedWithTheOneBefore() {
    model.script(request -> say("# News\n\nIt rains.\nNobody \u202Ewon."));
    run("one", "a paper");
    model.script(
        request ->
            request.size() == 1
                ? call("c", "calc_calculate", "{\"expression\": \"oops\"}")
                : say("# News\n\nIt snows.\nNobody \u202Ewon.\n" + HOSTILE));
    run("two", HOSTILE);
    Page run = admin.open(HOME + "/tasks/read/runs/two");
    Page page = admin.open(run.one("#compare").attr("href"));
    assertEquals(200, page.status());
    assertEquals(List.of("one", "two"), page.html().select("thead a").eachText());
    assertEquals(List.of("one", "two"), page.html().select("option[selected]").eachAttr("value"));
    assertEquals(
        List.of("# News", "- It rains.", "+ It snows.", "Nobody ⟨U+202E⟩won.", "+ " + HOSTILE),
        diff(page, "answers").stream().filter(line -> !line.isBlank()).toList());
    assertTrue(diff(page, "parameters").contains("-   \"what\" : \"a paper\""), page.text());
    assertEquals(List.of("- Read a paper", "+ Read " + HOSTILE), diff(page, "prompts"));
    assertEquals(
        List.of(
            "+ Model calls calc_calculate",
            "+ calc_calculate failed {\"expression\":\"oops\"}",
            "+ →",
            "+ Warning: tools_failed",
            "Model answers"),
        diff(page, "steps").stream()
            .map(line -> line.replaceFirst("((?<=failed): | \\(\\d+ tokens|(?<=→) ).*", ""))
            .toList());
    assertEquals("1 | 2", fact(page, "Model answers"));
    assertEquals("0 | 1, 1 failed", fact(page, "Tool calls"));
    assertEquals("done | done", fact(page, "Status"));
    assertTrue(fact(page, "Tokens").matches(".* in, .* out\\) \\| .* out\\)"), page.text());
    assertTrue(page.has("tr.other th:contains(Tokens)"));
    assertFalse(page.has("tr.other th:contains(Status)"));
    assertFalse(page.has("main img"));
  }

  @Test
  void stepsShowWhereTheResultsOfAToolDiffer() {
    try (ScriptedMcp server = new ScriptedMcp()) {
      server.tools(ScriptedMcp.tool("look", "Looks."));
      api()
          .body("{\"name\": \"web\", \"mcp\": {\"url\": \"" + server.url() + "\"}}")
          .post(PROFILE + "/installations")
          .then()
          .statusCode(201);
      model.script(
          request ->
              request.size() == 1
                  ? call("c", "web_look", "{\"url\": \"https://a.example\"}")
                  : say("x".repeat(request.lastMessage().path("content").asText().length())));
      for (String result : List.of("17", "71", "long ".repeat(500) + "17", "long ".repeat(500))) {
        server.calls(request -> ScriptedMcp.text(result));
        run("r" + result.length() + result.charAt(0), "a");
      }
      Page page = admin.open(COMPARE + "?run=r21&run=r27");
      assertEquals(List.of("The same."), said(page, "answers"));
      List<String> steps = diff(page, "steps");
      assertEquals(5, steps.size(), steps::toString);
      assertTrue(
          steps.get(0).matches("Model calls web_look \\([0-9,]+ tokens in, [0-9,]+ out.*"),
          steps::toString);
      assertEquals("Result of web_look {\"url\":\"https://a.example\"}", steps.get(1));
      assertEquals(List.of("- → 17", "+ → 71"), steps.subList(2, 4));
      assertTrue(steps.get(4).startsWith("Model answers ("), steps::toString);
      List<String> far = diff(admin.open(COMPARE + "?run=r2502l&run=r2500l"), "steps");
      assertTrue(far.get(2).startsWith("- …") && far.get(2).endsWith("long 17"), far::toString);
      assertTrue(far.get(3).startsWith("+ …") && far.get(3).endsWith("long"), far::toString);
    }
  }

  @Test
  void whatIsTheSameIsCalledSo() {
    run("one", "a");
    run("two", "a");
    Page page = admin.open(COMPARE + "?run=two&run=one");
    // The older one is the first, however they are chosen.
    assertEquals(List.of("one", "two"), page.html().select("thead a").eachText());
    assertEquals(
        List.of("The same.", "The same.", "The same.", "The same."),
        page.html().select("section p.soft").eachText());
  }

  @Test
  void aRunThatFailedHasNoAnswerButAReason() {
    run("one", "a");
    model.script(request -> error(404, "model_not_found", "There is no such model."));
    run("two", "a");
    Page page = admin.open(COMPARE + "?run=two");
    assertEquals("done | failed: model_not_found", fact(page, "Status"));
    assertTrue(diff(page, "answers").get(1).startsWith("+ No answer. "), page.text());
    assertTrue(diff(page, "steps").getLast().startsWith("+ Failed: model_not_found: "));
  }

  private static List<String> said(Page page, String part) {
    return page.html().select("section[aria-labelledby=" + part + "] p").eachText();
  }

  @Test
  void runsThatFailedHaveNoAnswersThatAreTheSame() {
    model.script(request -> error(404, "model_not_found", "There is no such model."));
    run("one", "a");
    run("two", "a");
    assertEquals(
        List.of("Neither run has an answer. Both ended with the same error."),
        said(admin.open(COMPARE + "?run=two"), "answers"));
    model.script(request -> error(401, "invalid_key", "There is no such key."));
    run("three", "a");
    Page page = admin.open(COMPARE + "?run=three");
    assertEquals(List.of("Neither run has an answer."), said(page, "answers"));
    assertTrue(diff(page, "answers").getFirst().startsWith("- No answer. "), page.text());
    assertTrue(diff(page, "answers").getLast().startsWith("+ No answer. "), page.text());
    assertFalse(page.has("#live"));
  }

  @Test
  void aLiveRunIsCalledSo() {
    run("one", "a");
    CompletableFuture<Void> isSeen = new CompletableFuture<>();
    model.script(
        request -> {
          isSeen.join();
          return say("Late.");
        });
    try {
      api()
          .body(Map.of("parameters", Map.of("what", "a")))
          .put(PROFILE + "/tasks/read/runs/two")
          .then()
          .statusCode(201);
      Page page = admin.open(COMPARE + "?run=one&run=two");
      assertEquals("two has not ended: this is what it has done so far.", page.one("#live").text());
      assertEquals(List.of("- Fine.", "+ No answer yet."), diff(page, "answers"));
    } finally {
      isSeen.complete(null);
    }
  }

  @Test
  void answersThatDifferFarFromTheirBeginningDiffer() {
    model.script(request -> say("A line.\n".repeat(20_000) + "One."));
    run("one", "a");
    model.script(request -> say("A line.\n".repeat(20_000) + "Two."));
    run("two", "a");
    Page page = admin.open(COMPARE + "?run=two");
    assertEquals(List.of(), said(page, "answers"));
    assertEquals("… 19,997 lines stay …", diff(page, "answers").getFirst());
    assertEquals("+ Two.", diff(page, "answers").getLast());
  }

  @Test
  void bothAnswersAreCutAlikeWhereOneIsVeryLong() {
    answer("just", "", 52_400);
    answer("over", "", 53_500);
    Page same = admin.open(COMPARE + "?run=just&run=over");
    assertEquals(List.of(), diff(same, "answers"));
    assertEquals(
        List.of(
            "The same as far as they were compared: these answers are long, and only their"
                + " beginnings were.",
            "Of each answer, only the whole lines in the first 262,144 characters were compared, at"
                + " most 30,000: that of over has 1,070,000 bytes."),
        said(same, "answers"));
    answer("other", "One more.\n", 53_500);
    for (String before : List.of("just", "over")) {
      Page more = admin.open(COMPARE + "?run=other&run=" + before);
      List<String> lines = diff(more, "answers");
      assertEquals("+ One more.", lines.getFirst());
      assertEquals(1, lines.stream().filter(line -> line.matches("[-+].*")).count(), more.text());
      assertTrue(said(more, "answers").getLast().startsWith("Of each answer, "), more.text());
    }
    answer("short", "", 100);
    List<String> gone = diff(admin.open(COMPARE + "?run=short&run=over"), "answers");
    assertEquals("- Line 00000101 fits.", gone.get(4));
  }

  // Answers with lines of 20 bytes.
  private void answer(String run, String first, int lines) {
    String answer =
        first
            + IntStream.rangeClosed(1, lines)
                .mapToObj("Line %08d fits.\n"::formatted)
                .collect(Collectors.joining());
    model.script(request -> say(answer));
    run(run, "a");
  }

  @Test
  void theListOfATasksRunsOffersToChooseTwo() {
    run("one", "a");
    assertFalse(admin.open(HOME + "/runs?task=read").has("td input"));
    run("two", "a");
    run("three", "a");
    assertFalse(admin.open(HOME + "/runs").has("td input"));
    for (String list : List.of("/runs?task=read", "/tasks/read")) {
      Page page = admin.open(HOME + list);
      assertEquals(
          List.of("three", "two", "one"),
          page.html().select("form.choose input").eachAttr("value"));
      assertEquals(
          "Compare two", page.html().select("form.choose input").get(1).attr("aria-label"));
      assertEquals(COMPARE, page.one("form.choose").attr("action"));
    }
    Page two = admin.open(COMPARE + "?run=three&run=one");
    assertEquals(List.of("one", "three"), two.html().select("thead a").eachText());
  }

  @Test
  void anythingButTwoRunsIsAnsweredByTheForm() {
    run("one", "a");
    run("two", "a");
    run("three", "a");
    Page first = admin.open(COMPARE + "?run=one");
    assertEquals(200, first.status());
    assertTrue(first.one("[role=status]").text().startsWith("No run of this task ended before"));
    assertEquals("one", first.html().select("select").get(1).select("[selected]").attr("value"));
    assertEquals(200, admin.open(COMPARE).status());
    assertEquals(
        List.of("one", "two"),
        admin.open(COMPARE + "?run=&run=two").html().select("thead a").eachText());
    for (String wrong : List.of("?run=two&run=two", "?run=one&run=two&run=three")) {
      Page page = admin.open(COMPARE + wrong);
      assertEquals(400, page.status(), wrong);
      assertTrue(page.one("[role=status]").text().startsWith("Choose two runs, and not "), wrong);
      assertTrue(page.has("form.filters button"), wrong);
    }
    assertEquals(404, admin.open(COMPARE + "?run=absent").status());
    assertEquals(404, admin.open(HOME + "/tasks/absent/compare?run=one").status());
    Browser stranger = new Browser(OtherUser.named("compare-stranger", database).session());
    assertEquals(404, stranger.open(COMPARE + "?run=two").status());
  }

  @Test
  void veryLongAnswersAreCutAndThePageStaysSmall() {
    model.script(
        request ->
            say(
                IntStream.range(0, 10_000)
                    .mapToObj(i -> "<" + request.lastMessage().toString().length() + "> " + i)
                    .collect(Collectors.joining("\n"))));
    run("one", "a");
    run("two", "ab");
    Page page = admin.open(COMPARE + "?run=two");
    assertEquals(200, page.status());
    assertTrue(page.text().contains("Not all that differs is shown."), page.text());
    assertTrue(page.has("#answers ~ pre.diff del") && page.has("#answers ~ pre.diff ins"));
    int size = page.answer().asByteArray().length;
    assertTrue(size < 100 * 1024, "The page has " + size + " bytes.");
  }

  @Test
  void aComparisonIsBegunWhereThereIsMemoryForAllOfIt() {
    run("short", "a");
    run("brief", "a");
    model.script(
        request ->
            say(
                ("\n" + request.lastMessage().path("content").asText().charAt("Read ".length()))
                    .repeat(500_000)));
    run("long", "a");
    run("longer", "b");
    Eventually.await("nothing is held", () -> budget.used() == 0);
    String both = COMPARE + "?run=long&run=longer";
    try (ReadBudget.Held held = budget.open("admin")) {
      // Enough for each text that is read, and too little for what is made of both.
      held.holdHeap(budget.capacity() / 2 - 10_000_000);
      Response refused = admin.open(both).answer();
      assertEquals(503, refused.statusCode());
      assertEquals("5", refused.header("Retry-After"));
      assertEquals(200, admin.open(COMPARE + "?run=short&run=brief").status());
    }
    Eventually.await("nothing is held", () -> budget.used() == 0);
    Page page = admin.open(both);
    assertEquals(200, page.status());
    assertTrue(page.text().contains("in at most 30,000 lines"), "what was compared");
    int size = page.answer().asByteArray().length;
    assertTrue(size < 100 * 1024, "The page has " + size + " bytes.");
  }
}
