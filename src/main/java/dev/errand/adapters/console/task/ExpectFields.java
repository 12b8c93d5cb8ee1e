package dev.errand.adapters.console.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.base.error.ApiException;
import dev.errand.runs.task.Expect;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a run must have done, in the form of a task: a line for each tool, and the condition. */
final class ExpectFields {
  private static final String TOOLS = "expect_tools";
  private static final String WHEN = "expect_when";
  private static final Pattern LINE = Pattern.compile("(\\S+)(?:\\s+([0-9]{1,5}))?");

  private ExpectFields() {}

  /** Adds what a task expects to the fields of its form. */
  static void fill(Map<String, @Nullable String> fields, @Nullable Expect expect) {
    fields.put(
        TOOLS,
        expect == null
            ? ""
            : expect.tools().entrySet().stream()
                .map(tool -> tool.getKey() + " " + tool.getValue())
                .collect(Collectors.joining("\n")));
    fields.put(WHEN, expect == null || expect.when() == null ? "" : expect.when());
  }

  /**
   * Puts what was sent into a request; a form without the fields leaves it unchanged.
   *
   * @param known what the task expects; null for nothing or a new task
   * @throws ApiException that names the field which is wrong
   */
  static void put(ObjectNode settings, SentForm sent, @Nullable Expect known) {
    if (!sent.has(TOOLS) && !sent.has(WHEN)) {
      return;
    }
    ObjectNode expect = settings.putObject("expect");
    sent.text(TOOLS)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .forEach(line -> putTool(expect.withObject("/tools"), line));
    if (!sent.text(WHEN).isEmpty()) {
      expect.put("when", sent.text(WHEN));
    }
    if (known != null) {
      // What another version stored has no field.
      expect.setAll(known.others());
    }
    if (expect.isEmpty()) {
      settings.putNull("expect");
    }
  }

  private static void putTool(ObjectNode tools, String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      throw ApiException.invalid(
          Expect.FIELD + ".tools",
          "must have a tool in each line, and how many calls of it must have succeeded, such as"
              + " slack_post 1");
    }
    tools.put(parts.group(1), parts.group(2) == null ? 1 : Integer.parseInt(parts.group(2)));
  }
}
