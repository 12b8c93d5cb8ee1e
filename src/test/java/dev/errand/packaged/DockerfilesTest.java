package dev.errand.packaged;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Dockerfiles keep to what makes an image small, unprivileged and the same at each build. */
class DockerfilesTest {
  private static final Path FOLDER = Path.of("deploy", "docker");
  private static final Set<String> KNOWN =
      Set.of(
          "FROM", "COPY", "RUN", "USER", "WORKDIR", "ENV", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT");

  @ParameterizedTest
  @ValueSource(strings = {"Dockerfile.jvm", "Dockerfile.native"})
  void everyInstructionIsValid(String name) throws Exception {
    List<List<String>> instructions = instructions(name);
    Set<String> stages = new HashSet<>();
    for (List<String> instruction : instructions) {
      assertTrue(KNOWN.contains(instruction.getFirst()), instruction::toString);
      if (instruction.getFirst().equals("FROM")) {
        String from = word(instruction.get(1));
        // Of an argument, Dependabot would not know the version.
        assertTrue(
            stages.contains(from) || from.matches("[^$]+:(?!latest$)[^:/$]+"),
            from + " names no version");
        if (instruction.get(1).contains(" AS ")) {
          stages.add(instruction.get(1).replaceFirst(".* AS ", ""));
        }
      }
      if (instruction.get(1).startsWith("--from=")) {
        String stage = word(instruction.get(1).substring("--from=".length()));
        assertTrue(stages.contains(stage), stage + " is no stage before this");
      }
    }
    List<List<String>> last =
        instructions.subList(lastOf(instructions, "FROM"), instructions.size());
    String user = last.get(lastOf(last, "USER")).get(1);
    assertTrue(user.matches("[1-9][0-9]+"), "orchestrators see by the number that it is not root");
    assertTrue(lastOf(last, "USER") < lastOf(last, "ENTRYPOINT"));
    assertFalse(exec(last, "ENTRYPOINT").isEmpty());
    for (List<String> instruction : last) {
      if (instruction.getFirst().equals("COPY")) {
        assertTrue(instruction.get(1).contains("--chown=0:0"), "what is run can't be written");
      }
    }
  }

  @Test
  void theImageIsStartedAndCheckedWithTheFlagsThatItsCacheWasMadeWith() throws Exception {
    List<List<String>> instructions = instructions("Dockerfile.jvm");
    List<String> entrypoint = exec(instructions, "ENTRYPOINT");
    List<String> check = exec(instructions, "RUN");
    assertTrue(entrypoint.containsAll(TrainingIT.OPTIONS), entrypoint::toString);
    assertTrue(check.containsAll(TrainingIT.OPTIONS), check::toString);
    assertTrue(check.contains("-XX:AOTMode=on"), "without its cache there is no image");
    assertTrue(
        entrypoint.contains("-XX:AOTCache=app.aot") && check.contains("-XX:AOTCache=app.aot"));
    assertEquals("quarkus-run.jar", entrypoint.getLast());
  }

  @Test
  void composeNamesAllThatItWantsWhereItSaysHowItIsStarted() throws Exception {
    String compose = Files.readString(FOLDER.resolve("compose.yaml"));
    Set<String> wanted =
        Pattern.compile("\\$\\{([A-Z_]+):\\?")
            .matcher(compose)
            .results()
            .map(match -> match.group(1))
            .collect(Collectors.toSet());
    assertEquals(3, wanted.size(), wanted::toString);
    String head = compose.substring(0, compose.indexOf("name:"));
    String readme = Files.readString(FOLDER.resolve("README.md"));
    for (String name : wanted) {
      assertTrue(head.contains(name + "=…"), name);
      assertTrue(readme.contains(name + "=…"), name);
    }
  }

  @Test
  void composeSaysHowMuchMemoryTheHeapIsAShareOfAndGivesTheEndItsTime() throws Exception {
    JsonNode service =
        new ObjectMapper(new YAMLFactory())
            .readTree(FOLDER.resolve("compose.yaml").toFile())
            .at("/services/errand");
    assertEquals("1g", service.path("mem_limit").asText());
    assertTrue(
        Files.readString(Path.of("deploy", "kubernetes", "deployment.yaml"))
            .contains(
                "terminationGracePeriodSeconds: "
                    + service.path("stop_grace_period").asText().replace("s", "")
                    + "\n"));
  }

  private static List<String> exec(List<List<String>> instructions, String name) throws Exception {
    String json = instructions.get(lastOf(instructions, name)).get(1);
    return Arrays.asList(JsonMapper.builder().build().readValue(json, String[].class));
  }

  private static int lastOf(List<List<String>> instructions, String name) {
    int last = -1;
    for (int i = 0; i < instructions.size(); i++) {
      if (instructions.get(i).getFirst().equals(name)) {
        last = i;
      }
    }
    assertTrue(last >= 0, "there is no " + name);
    return last;
  }

  private static String word(String text) {
    return text.replaceFirst(" .*", "");
  }

  /** The instructions, each its name and the rest, without comments and line breaks. */
  private static List<List<String>> instructions(String name) throws Exception {
    String text =
        Files.readString(FOLDER.resolve(name))
            .replaceAll("(?m)^#.*\\R", "")
            .replaceAll("\\\\\\R\\s*", "");
    return Stream.of(text.split("\\R"))
        .filter(line -> !line.isBlank())
        .map(line -> List.of(line.split(" ", 2)))
        .toList();
  }
}
