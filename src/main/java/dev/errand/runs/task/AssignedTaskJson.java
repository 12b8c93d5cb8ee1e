package dev.errand.runs.task;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.Runners;
import dev.errand.models.port.SettingsByRunner;
import dev.errand.models.port.UnreadSettings;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@link AssignedTask} that this or another version stored, whose settings stand under
 * the name of their runner.
 */
@Singleton
class AssignedTaskJson implements ObjectMapperCustomizer {
  private static final Set<String> BESIDE =
      Set.of(AssignedTask.SETTINGS, AssignedTask.PROVIDER, AssignedTask.LATER_TRIES);

  private final Runners runners;

  AssignedTaskJson(Runners runners) {
    this.runners = runners;
  }

  @Override
  public void customize(ObjectMapper mapper) {
    mapper.registerModule(
        new SimpleModule().addDeserializer(AssignedTask.class, new Reader(runners)));
  }

  private static final class Reader extends StdDeserializer<AssignedTask> {
    private static final long serialVersionUID = 1L;

    private final transient Runners runners;

    Reader(Runners runners) {
      super(AssignedTask.class);
      this.runners = runners;
    }

    @Override
    public AssignedTask deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      JsonNode stored = context.readTree(parser);
      return new AssignedTask(
          settings(stored),
          context.readTreeAsValue(stored.path(AssignedTask.SETTINGS), TaskSettings.class),
          stored.path(AssignedTask.PROVIDER).textValue(),
          stored.has(AssignedTask.LATER_TRIES)
              ? context.readTreeAsValue(stored.path(AssignedTask.LATER_TRIES), LaterTries.class)
              : null);
    }

    // Beside the settings of a known runner, another version may store what this one ignores.
    private SettingsByRunner settings(JsonNode stored) {
      @Nullable ModelSettings unread = null;
      for (Map.Entry<String, JsonNode> part : stored.properties()) {
        if (!BESIDE.contains(part.getKey()) && part.getValue() instanceof ObjectNode fields) {
          ModelSettings settings = runners.stored(part.getKey(), fields);
          if (!(settings instanceof UnreadSettings)) {
            return SettingsByRunner.of(settings);
          }
          unread = unread == null ? settings : unread;
        }
      }
      return unread == null ? SettingsByRunner.none() : SettingsByRunner.of(unread);
    }
  }
}
