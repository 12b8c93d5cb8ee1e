package dev.errand.adapters.console.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.base.json.PrettyJson;
import dev.errand.tools.install.InstallationView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page on which a tool is called.
 *
 * @param tool the declaration of the tool
 * @param fields the fields of the form
 * @param others the arguments that have no field, as JSON
 * @param message why the form was refused; null where it was not
 * @param result the answer of the tool; null where it was not called
 */
public record TrialView(
    InstallationView installation,
    JsonNode tool,
    List<ArgumentField> fields,
    String others,
    @Nullable String message,
    @Nullable TrialResult result) {
  private static final int LONGEST_DESCRIPTION = 4_000;
  private static final int LONGEST_SCHEMA = 8_000;

  /** The form as it was sent. */
  TrialView sent(SentForm sent) {
    return new TrialView(
        installation,
        tool,
        fields.stream()
            .map(field -> field.with(sent.value(ArgumentFormReader.PREFIX + field.name())))
            .toList(),
        sent.value(ArgumentFormReader.OTHERS),
        null,
        null);
  }

  TrialView refused(String refusal) {
    return new TrialView(installation, tool, fields, others, refusal, null);
  }

  TrialView answered(TrialResult answer) {
    return new TrialView(installation, tool, fields, others, null, answer);
  }

  /** The name of the tool. */
  public String name() {
    return tool.path("name").asText();
  }

  /** What the tool does. */
  public String description() {
    return Excerpt.of(tool.path("description").asText(), LONGEST_DESCRIPTION);
  }

  /** Whether the tool is switched on. */
  public boolean on() {
    return installation.switches().isOn(name());
  }

  /** The JSON Schema of its arguments. */
  public String schema() {
    return Excerpt.of(PrettyJson.of(tool.path("inputSchema"), LONGEST_SCHEMA), LONGEST_SCHEMA);
  }

  /** Whether there may be arguments that have no field. */
  public boolean takesOthers() {
    return ArgumentFormReader.takesOthers(tool.path("inputSchema"), fields);
  }
}
