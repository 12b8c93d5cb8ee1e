package dev.errand.app.boot;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class JvmFlagsTest {
  private static final List<String> FLAGS = List.of(JvmFlags.HUGE_METHODS, JvmFlags.EXIT);

  @Test
  void theLastWordCounts() {
    for (String flag : FLAGS) {
      String opposite = flag.startsWith("-XX:+") ? flag.replace('+', '-') : "-XX:+" + name(flag);
      assertFalse(JvmFlags.isSet(flag, List.of("-Xmx1g")));
      assertTrue(JvmFlags.isSet(flag, List.of("-Xmx1g", opposite, flag)));
      assertFalse(JvmFlags.isSet(flag, List.of(flag, opposite)));
    }
  }

  @Test
  void everyWayToStartTheServiceSetsTheFlags() throws IOException {
    String guide = Files.readString(Path.of("src", "docs", "operating.md"));
    List<String> starts =
        guide.lines().filter(line -> line.contains("java ") && line.contains("-jar ")).toList();
    assertFalse(starts.isEmpty(), "The guide does not say how to start the service.");
    for (String line : starts) {
      assertTrue(FLAGS.stream().allMatch(line::contains), line);
    }
    String pom = Files.readString(Path.of("pom.xml"));
    assertTrue(pom.contains("<errand.jvm.args>" + String.join(" ", FLAGS) + " "));
    assertTrue(pom.contains("<jvmArgs>-Derrand.development=true ${errand.jvm.args}</jvmArgs>"));
    assertTrue(pom.contains(" ${test.jit.args} ${test.jvm.args}</argLine>"));
    for (String line : pom.split("\n", -1)) {
      if (line.contains("<test.jvm.args>")) {
        assertTrue(line.contains(" ${errand.jvm.args} "), line);
      }
    }
    String image = Files.readString(Path.of("deploy", "docker", "Dockerfile.jvm"));
    assertTrue(image.contains("ENTRYPOINT [\"java\""));
    for (String line : image.split("\n", -1)) {
      if (line.contains("[\"java\"")) {
        assertTrue(FLAGS.stream().allMatch(line::contains), line);
      }
    }
  }

  @Test
  void theExecutableEndsOutOfMemoryAsTheJvmDoes() throws IOException {
    Properties properties = new Properties();
    try (InputStream file =
        Files.newInputStream(Path.of("src", "main", "resources", "application.properties"))) {
      properties.load(file);
    }
    List<String> arguments =
        List.of(properties.getProperty("quarkus.native.additional-build-args").split(","));
    assertTrue(arguments.contains("-R:+" + name(JvmFlags.EXIT)), arguments.toString());
  }

  private static String name(String flag) {
    return flag.substring("-XX:+".length());
  }
}
