package dev.errand.docs;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.errand.base.error.ApiException;
import dev.errand.runs.task.Expect;
import dev.errand.runs.task.RunCeilings;
import dev.errand.runs.task.TaskSettings;
import dev.errand.runs.task.TaskWatch;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The guide's table of task settings says what the code does. */
class TaskSettingsDocTest {
  private static final Path GUIDE = Path.of("src", "docs", "concepts.md");
  private static final String HEAD = "| setting | type | default | at most | meaning |";
  private static final RunCeilings CEILINGS =
      new SmallRyeConfigBuilder()
          .withMapping(RunCeilings.class)
          .build()
          .getConfigMapping(RunCeilings.class);
  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new JavaTimeModule())
          .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

  /** A row of the table, as plain text. */
  private record Row(String type, String standard, String most) {}

  @Test
  void everySettingIsInTheTableWithItsType() throws IOException {
    Map<String, String> types = new TreeMap<>();
    for (RecordComponent setting : TaskSettings.Request.class.getRecordComponents()) {
      if (setting.getAccessor().isAnnotationPresent(JsonAnySetter.class)) {
        continue; // The fields of other versions.
      }
      String name =
          PropertyNamingStrategies.SnakeCaseStrategy.INSTANCE.translate(setting.getName());
      types.put(name, type(name, setting.getType()));
    }
    Map<String, String> written = new TreeMap<>();
    table().forEach((name, row) -> written.put(name, row.type()));

    assertEquals(types, written);
  }

  @Test
  void everyDefaultIsTheOneThatHolds() throws IOException {
    ObjectNode defaults = JSON.valueToTree(TaskSettings.DEFAULT);
    defaults.put("timeout", TaskSettings.DEFAULT.timeout().toString());
    // Stored and shown only beside a schema.
    defaults.put("output_repairs", 1);
    // Stored and shown only where they are given.
    defaults.put("approval_deadline", "P1D");
    defaults.put("approval_expiry", TaskSettings.DEFAULT.onApprovalExpiry().code());
    defaults.put("service_tier_fallback", TaskSettings.DEFAULT.fallsBackToDefaultTier());
    for (Map.Entry<String, Row> row : table().entrySet()) {
      JsonNode value = defaults.path(row.getKey());
      assertEquals(
          value.isValueNode() ? value.asText() : "", row.getValue().standard(), row.getKey());
    }
  }

  @Test
  void theDocumentHasExactlyTheCeilings() throws IOException {
    for (Map.Entry<String, Row> row : table().entrySet()) {
      String most = row.getValue().most();
      String more =
          switch (row.getValue().type()) {
            case "duration" -> '"' + Duration.parse(most).plusSeconds(1).toString() + '"';
            case "whole number", "number" -> String.valueOf(Long.parseLong(most) + 1);
            default -> "";
          };
      if (!more.isEmpty()) {
        String taken = row.getValue().type().equals("duration") ? '"' + most + '"' : most;
        assertDoesNotThrow(() -> check(row.getKey(), taken), row.getKey());
        assertThrows(ApiException.class, () -> check(row.getKey(), more), row.getKey());
      }
    }
  }

  private static void check(String setting, String value) throws IOException {
    var _ =
        JSON.readValue("{\"" + setting + "\":" + value + "}", TaskSettings.Request.class)
            .checked(CEILINGS);
  }

  private static String type(String name, Class<?> type) {
    if (name.equals("timeout") || name.equals("approval_deadline")) {
      return "duration";
    }
    if (type == List.class) {
      return "list";
    }
    if (type == Boolean.class) {
      return "true or false";
    }
    if (type == String.class) {
      return "text";
    }
    if (type == ObjectNode.class || type == Expect.class || type == TaskWatch.Request.class) {
      return "object";
    }
    return type == Double.class ? "number" : "whole number";
  }

  private static Map<String, Row> table() throws IOException {
    Map<String, Row> rows = new TreeMap<>();
    Files.readAllLines(GUIDE).stream()
        .dropWhile(line -> !line.equals(HEAD))
        .skip(2)
        .takeWhile(line -> line.startsWith("|"))
        .map(line -> Arrays.stream(line.split("\\|")).map(TaskSettingsDocTest::plain).toList())
        .forEach(
            cells -> rows.put(cells.get(1), new Row(cells.get(2), cells.get(3), cells.get(4))));
    return rows;
  }

  private static String plain(String cell) {
    return cell.strip().replace("`", "").replaceAll("(?<=[0-9]),(?=[0-9])", "").replace(" ¹", "");
  }
}
