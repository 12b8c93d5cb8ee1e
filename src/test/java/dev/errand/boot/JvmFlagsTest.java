package dev.errand.boot;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class HugeMethodsTest {
  @Test
  void theLastWordCounts() {
    assertFalse(HugeMethods.areCompiled(List.of("-Xmx1g")));
    assertTrue(HugeMethods.areCompiled(List.of("-Xmx1g", HugeMethods.FLAG)));
    assertFalse(HugeMethods.areCompiled(List.of(HugeMethods.FLAG, "-XX:+DontCompileHugeMethods")));
  }

  @Test
  void everyWayToStartTheServiceSetsTheFlag() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    for (String line : readme.split("\n", -1)) {
      if (line.contains("java ") && line.contains("-jar ")) {
        assertTrue(line.contains(HugeMethods.FLAG), line);
      }
    }
    String pom = Files.readString(Path.of("pom.xml"));
    assertTrue(pom.contains("<errand.jvm.args>" + HugeMethods.FLAG + " "));
    assertTrue(pom.contains("<jvmArgs>-Derrand.development=true ${errand.jvm.args}</jvmArgs>"));
    assertTrue(pom.contains("<argLine>@{argLine} ${test.jvm.args}</argLine>"));
    for (String line : pom.split("\n", -1)) {
      if (line.contains("<test.jvm.args>")) {
        assertTrue(line.contains(" ${errand.jvm.args} "), line);
      }
    }
    String image = Files.readString(Path.of("deploy", "docker", "Dockerfile.jvm"));
    assertTrue(image.contains("ENTRYPOINT [\"java\""));
    for (String line : image.split("\n", -1)) {
      if (line.contains("[\"java\"")) {
        assertTrue(line.contains(HugeMethods.FLAG), line);
      }
    }
  }
}
