package dev.errand.adapters.console.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.runs.task.TaskSettings;
import dev.errand.tools.install.ProfileToolbox.ListedTool;
import dev.errand.tools.mcp.wire.VisibleText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tools that a task gets, in its form: all of its profile, or those that are ticked.
 *
 * @param isChosen whether it gets only those that are ticked
 * @param groups the tools of each installation
 * @param isCut whether the profile has more
 */
public record ToolFields(boolean isChosen, List<Group> groups, boolean isCut) {
  private static final String WHICH = "tools";
  private static final String CHOSEN = "chosen";
  private static final String TOOL = "tool.";
  // Of a page with 100 KB. Those that are ticked are always shown, or saving the form loses them.
  private static final int MOST = 250;
  private static final int LONGEST_DESCRIPTION = 160;
  private static final int ALL_DESCRIPTIONS = 15_000;

  /**
   * The tools of an installation.
   *
   * @param name its name; empty for tools that no installation has now
   */
  public record Group(String name, List<Box> boxes) {}

  /** A tool with a box to tick. */
  public record Box(String name, String description, boolean ticked) {
    /** The name of its field. */
    public String field() {
      return TOOL + name;
    }
  }

  /** Adds the tools of a task to the fields of its form. */
  static void fill(Map<String, @Nullable String> fields, TaskSettings settings) {
    List<String> tools = settings.tools();
    fields.put(WHICH, tools == null ? "all" : CHOSEN);
    if (tools != null) {
      tools.forEach(tool -> fields.put(TOOL + tool, "true"));
    }
  }

  /** Puts what was sent into a request; a form without the fields leaves them unchanged. */
  static void put(ObjectNode settings, SentForm sent, @Nullable TaskSettings known) {
    if (sent.line(WHICH).equals(CHOSEN)) {
      List<String> before = known == null || known.tools() == null ? List.of() : known.tools();
      List<String> ticked = ticked(sent);
      ArrayNode chosen = settings.putArray(WHICH);
      before.stream().filter(ticked::contains).forEach(chosen::add);
      ticked.stream().filter(tool -> !before.contains(tool)).forEach(chosen::add);
    } else if (known != null && known.tools() != null && sent.has(WHICH)) {
      settings.putNull(WHICH);
    }
  }

  private static List<String> ticked(SentForm sent) {
    return sent.names().stream()
        .filter(field -> field.startsWith(TOOL))
        .map(field -> field.substring(TOOL.length()))
        .sorted()
        .toList();
  }

  // In their order.
  private static List<ListedTool> shown(List<ListedTool> tools, Set<String> ticked) {
    long known = tools.stream().filter(tool -> ticked.contains(tool.name())).count();
    Set<String> others =
        tools.stream()
            .map(ListedTool::name)
            .filter(name -> !ticked.contains(name))
            .limit(Math.max(0, MOST - known))
            .collect(Collectors.toSet());
    return tools.stream()
        .filter(tool -> ticked.contains(tool.name()) || others.contains(tool.name()))
        .toList();
  }

  /** The fields of a form as it was sent. */
  static ToolFields of(SentForm sent, List<ListedTool> tools) {
    Set<String> left = new LinkedHashSet<>(ticked(sent));
    List<ListedTool> shown = shown(tools, left);
    int longest = Excerpt.each(shown.size(), LONGEST_DESCRIPTION, ALL_DESCRIPTIONS);
    Map<String, List<Box>> groups = new LinkedHashMap<>();
    for (ListedTool tool : shown) {
      boolean ticked = left.remove(tool.name());
      groups
          .computeIfAbsent(tool.installation(), _ -> new ArrayList<>())
          .add(
              new Box(
                  tool.name(),
                  VisibleText.of(Excerpt.of(tool.description().strip(), longest)),
                  ticked));
    }
    Stream<Group> there =
        groups.entrySet().stream().map(group -> new Group(group.getKey(), group.getValue()));
    Stream<Group> gone =
        left.isEmpty()
            ? Stream.of()
            : Stream.of(new Group("", left.stream().map(name -> new Box(name, "", true)).toList()));
    return new ToolFields(
        sent.line(WHICH).equals(CHOSEN),
        Stream.concat(there, gone).toList(),
        shown.size() < tools.size());
  }
}
