package dev.errand.app.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Prometheus' own promtool accepts the alerts, and they say what their tests expect. */
class AlertsIT {
  private static final Path RULES = Path.of("deploy", "prometheus");

  @Test
  void theRulesAreValid() throws Exception {
    promtool("check", "rules", "errand.yaml");
  }

  @Test
  void theAlertsSayWhatTheirTestsExpect() throws Exception {
    promtool("test", "rules", "errand.test.yaml");
  }

  private static void promtool(String... arguments) throws InterruptedException {
    String[] command = new String[arguments.length + 1];
    command[0] = "promtool";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    try {
      Process process =
          new ProcessBuilder(command).directory(RULES.toFile()).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), said);
    } catch (IOException e) {
      fail("promtool can't be run; Debian has it in the package prometheus: " + e.getMessage());
    }
  }
}
