package dev.errand.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.errand.app.database.SchemaVersions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The workflows name only what there is, and fix what they use of others. */
class WorkflowsTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final Path GITHUB = Path.of(".github");
  private static final Path PACKAGED = Path.of("src/test/java/dev/errand/packaged");
  private static final Pattern USES = Pattern.compile("(?m)^\\s*(?:- )?uses: (.*)$");
  private static final Pattern PINNED =
      Pattern.compile("[\\w-]+/[\\w-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+");
  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{ *(.*?) *}}");
  private static final Pattern OUTPUT =
      Pattern.compile("(needs|steps)\\.([\\w-]+)\\.outputs\\.(\\w+)");
  private static final Pattern PROFILE = Pattern.compile("-P([a-z-]+)");
  private static final Pattern TEST = Pattern.compile("-Dit\\.test=(\\w+)");
  private static final Pattern FILE = Pattern.compile("(?:\\.\\./)*((?:src|deploy)/[\\w./-]+)");

  static Stream<Path> workflows() throws IOException {
    try (Stream<Path> files = Files.list(GITHUB.resolve("workflows"))) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void actionsOfOthersAreFixedByTheirCommits(Path workflow) throws IOException {
    List<MatchResult> uses = USES.matcher(Files.readString(workflow)).results().toList();
    assertFalse(uses.isEmpty());
    for (MatchResult use : uses) {
      assertTrue(PINNED.matcher(use.group(1)).matches(), use.group(1));
    }
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void jobsHaveOnlyTheirDeclaredPermissions(Path workflow) throws IOException {
    JsonNode all = YAML.readTree(workflow.toFile());
    assertEquals("{\"contents\":\"read\"}", all.path("permissions").toString());
    for (JsonNode job : all.path("jobs")) {
      assertTrue(job.path("timeout-minutes").asInt() > 0, job::toString);
      boolean signs = job.toString().contains("cosign sign");
      assertEquals(signs, job.at("/permissions/id-token").asText().equals("write"), "keyless");
      for (JsonNode step : job.path("steps")) {
        if (step.path("uses").asText().startsWith("actions/checkout@")) {
          assertFalse(step.at("/with/persist-credentials").asBoolean(true), "none stays behind");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void referencedProfilesTestsAndFilesExist(Path workflow) throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    List<String> missing = new ArrayList<>();
    for (String script : scripts(workflow)) {
      String builds = script.replaceAll("(?m)^(?!.*mvnw).*$", "");
      TEST.matcher(builds)
          .results()
          .map(found -> found.group(1))
          .filter(name -> !Files.exists(PACKAGED.resolve(name + ".java")))
          .forEach(name -> missing.add("test " + name));
      PROFILE
          .matcher(builds)
          .results()
          .map(found -> found.group(1))
          .filter(name -> !pom.contains("<id>" + name + "</id>"))
          .forEach(name -> missing.add("profile " + name));
    }
    String text = Files.readString(workflow);
    for (String kind : List.of("jvm", "native")) {
      FILE.matcher(text.replace("${{ matrix.kind }}", kind).replace("$KIND", kind))
          .results()
          .map(found -> found.group(1))
          .filter(file -> !Files.exists(Path.of(file)))
          .forEach(missing::add);
    }
    assertEquals(List.of(), missing);
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void everyOutputHasASource(Path workflow) throws IOException {
    JsonNode jobs = YAML.readTree(workflow.toFile()).path("jobs");
    for (Map.Entry<String, JsonNode> job : jobs.properties()) {
      List<String> needs = new ArrayList<>();
      JsonNode needed = job.getValue().path("needs");
      (needed.isTextual() ? List.of(needed) : needed).forEach(name -> needs.add(name.asText()));
      needs.forEach(name -> assertTrue(jobs.has(name), name));
      Matcher output = OUTPUT.matcher(job.getValue().toString());
      while (output.find()) {
        String name = output.group(2);
        if (output.group(1).equals("needs")) {
          assertTrue(needs.contains(name), name);
          assertTrue(jobs.at("/" + name + "/outputs/" + output.group(3)).isTextual(), name);
        } else {
          assertTrue(
              job.getValue()
                  .path("steps")
                  .valueStream()
                  .anyMatch(step -> step.path("id").asText().equals(name)),
              name);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void scriptsAreOfTheShellAndTakeNothingUnquoted(Path workflow) throws Exception {
    for (String script : scripts(workflow)) {
      assertFalse(EXPRESSION.matcher(script).find(), "values come by the environment: " + script);
      Process shell = new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
      shell.outputWriter(StandardCharsets.UTF_8).append(script).close();
      String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, shell.waitFor(), said);
    }
  }

  @Test
  void theChangelogHasTheVersionOfTheBuild() throws IOException {
    Matcher version =
        Pattern.compile(
                "<artifactId>errand</artifactId>\\s*<version>(\\d+\\.\\d+\\.\\d+)</version>")
            .matcher(Files.readString(Path.of("pom.xml")));
    assertTrue(version.find());
    String changelog = Files.readString(Path.of("src", "docs", "CHANGELOG.md"));
    assertTrue(
        changelog.matches("(?s).*\\R## " + Pattern.quote(version.group(1)) + " - \\S+\\R.*"),
        "the changelog has no section of " + version.group(1));
    String api = Files.readString(Path.of("src", "main", "resources", "META-INF", "openapi.yaml"));
    assertTrue(api.contains("version: \"" + version.group(1) + "\""), "so has the API");
  }

  @Test
  void theDatabaseOfEachReleasedVersionIsKept() throws IOException {
    List<String> versions =
        Pattern.compile("(?m)^## (\\d+\\.\\d+\\.\\d+)(?! - unreleased)")
            .matcher(Files.readString(Path.of("src", "docs", "CHANGELOG.md")))
            .results()
            .map(heading -> heading.group(1))
            .sorted()
            .toList();
    assertFalse(versions.isEmpty());
    assertEquals(versions, List.copyOf(SchemaVersions.released()));
  }

  @Test
  void dependenciesOfEveryKindAreKeptUpToDate() throws IOException {
    JsonNode updates = YAML.readTree(GITHUB.resolve("dependabot.yml").toFile()).path("updates");
    List<String> kinds = new ArrayList<>();
    for (JsonNode update : updates) {
      kinds.add(update.path("package-ecosystem").asText());
      List<JsonNode> folders = new ArrayList<>(List.of(update.path("directory")));
      update.path("directories").forEach(folders::add);
      for (JsonNode folder : folders) {
        assertTrue(Files.isDirectory(Path.of("." + folder.asText("/"))), folder::asText);
      }
    }
    assertEquals(List.of("maven", "github-actions", "docker", "docker-compose", "npm"), kinds);
  }

  @Test
  void aReleaseTakesTheFilesThatItsJobsKept() throws IOException {
    JsonNode jobs = YAML.readTree(GITHUB.resolve("workflows/release.yml").toFile()).path("jobs");
    List<String> kept = new ArrayList<>();
    List<String> taken = new ArrayList<>();
    for (JsonNode job : jobs) {
      for (JsonNode step : job.path("steps")) {
        String uses = step.path("uses").asText();
        if (uses.startsWith("actions/upload-artifact@")) {
          kept.add(step.at("/with/name").asText().replace("${{ matrix.kind }}", "*"));
        }
        if (uses.startsWith("docker/build-push-action@")) {
          assertEquals("false", step.at("/env/DOCKER_BUILD_RECORD_UPLOAD").asText());
        }
        if (uses.startsWith("actions/download-artifact@") && !step.at("/with").has("name")) {
          taken.add(step.at("/with/pattern").asText());
        }
      }
    }
    assertEquals(List.of("{" + String.join(",", kept) + "}"), taken);
  }

  @Test
  void theChartOfAReleaseIsForItsImage() throws IOException {
    String release = Files.readString(GITHUB.resolve("workflows/release.yml"));
    String values = Files.readString(Path.of("deploy/helm/errand/values.yaml"));
    List<MatchResult> replaced =
        Pattern.compile("s\\|\\^([^$|]+)\\$\\|").matcher(release).results().toList();
    assertEquals(2, replaced.size());
    for (MatchResult line : replaced) {
      assertTrue(values.lines().anyMatch(line.group(1)::equals), line.group(1));
    }
    assertFalse(release.contains("github.repository"), "it may have large letters");
  }

  @Test
  void theExecutableThatIsTestedIsTheOneInItsImage() throws IOException {
    String release = Files.readString(GITHUB.resolve("workflows/release.yml"));
    String image = Files.readString(Path.of("deploy/docker/Dockerfile.native"));
    assertTrue(release.contains("echo \"build=target/native\""));
    assertTrue(image.contains(" AS build\n") && image.contains("--from=build "));
    assertTrue(image.contains("/build/target/*-runner "));
    assertTrue(release.contains("target/native/build/target/errand-$VERSION-runner"));
  }

  private static List<String> scripts(Path workflow) throws IOException {
    List<String> scripts = new ArrayList<>();
    for (JsonNode job : YAML.readTree(workflow.toFile()).path("jobs")) {
      job.path("steps")
          .valueStream()
          .filter(step -> step.has("run"))
          .forEach(step -> scripts.add(step.path("run").asText()));
    }
    assertFalse(scripts.isEmpty());
    return scripts;
  }
}
