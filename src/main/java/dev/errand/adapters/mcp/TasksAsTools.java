package dev.errand.adapters.mcp;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.base.json.WellFormed;
import dev.errand.models.port.ModelSettings;
import dev.errand.runs.prompt.Prompt;
import dev.errand.runs.prompt.PromptParameters;
import dev.errand.runs.task.TaskView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Declares tasks as tools: the parameters of the prompt are the arguments. */
@ApplicationScoped
class TasksAsTools {
  private static final int LONGEST_EXCERPT = 600;

  private final Json json;
  private final RunAnswers runs;

  TasksAsTools(Json json, RunAnswers runs) {
    this.json = json;
    this.runs = runs;
  }

  /** The declaration of a task. */
  ObjectNode of(TaskView task, String name, boolean showsPrompt) {
    String description =
        "Runs the task \"%s\" with its own model and tools, and returns its answer."
            .formatted(task.name());
    ObjectNode declaration = json.object();
    declaration.put("name", name).put("title", task.name());
    declaration.put(
        "description",
        showsPrompt
            ? description + " Its prompt:\n" + excerpt(task.effective().prompt())
            : description);
    declaration.set("inputSchema", schema(parameters(task)));
    declaration.set("outputSchema", runs.outputSchema(task.settings().bounds().outputSchema()));
    declaration.putObject("annotations").put("readOnlyHint", false).put("openWorldHint", true);
    return declaration;
  }

  static PromptParameters parameters(TaskView task) {
    ModelSettings model = task.effective();
    String system = model.system();
    Prompt prompt = Prompt.parse("prompt", model.prompt());
    return Prompt.parameters(
        system == null ? List.of(prompt) : List.of(prompt, Prompt.parse("system", system)));
  }

  /** The arguments that a task does not accept, sorted; empty where it accepts any. */
  static Set<String> unknown(PromptParameters parameters, ObjectNode arguments) {
    Set<String> unknown = new TreeSet<>();
    if (!parameters.takesOthers()) {
      arguments.fieldNames().forEachRemaining(unknown::add);
      unknown.removeAll(parameters.texts());
      unknown.removeAll(parameters.objects());
      unknown.removeAll(parameters.optional());
    }
    return unknown;
  }

  private ObjectNode schema(PromptParameters parameters) {
    ObjectNode schema = json.object().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = json.array();
    for (String name : parameters.texts()) {
      properties
          .putObject(name)
          .put("type", "string")
          .put("description", "The value of {{ " + name + " }} in the prompt.");
      required.add(name);
    }
    for (String name : parameters.objects()) {
      properties
          .putObject(name)
          .put("description", "The value of " + name + " in the prompt, which uses its parts.");
      required.add(name);
    }
    for (String name : parameters.optional()) {
      properties
          .putObject(name)
          .put("description", "Optional: a part of the prompt depends on it.");
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema.put("additionalProperties", parameters.takesOthers());
  }

  /** The beginning of a prompt, which distinguishes a task from others. */
  static String excerpt(String prompt) {
    return WellFormed.excerpt(prompt, LONGEST_EXCERPT);
  }
}
