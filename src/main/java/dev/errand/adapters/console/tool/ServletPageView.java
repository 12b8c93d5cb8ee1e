package dev.errand.adapters.console.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.base.http.Paging;
import dev.errand.base.json.Json;
import dev.errand.base.json.PrettyJson;
import dev.errand.identity.page.PagePaths;
import dev.errand.tools.servlet.registry.Servlet;
import dev.errand.tools.servlet.registry.ServletService.ServletPage;
import dev.errand.tools.servlet.registry.ServletView;
import dev.errand.tools.servlet.registry.ServletView.VersionView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page of a servlet.
 *
 * @param isOwner whether the visitor owns it
 * @param published the version that has just been published; null for none
 * @param imports the imports of its newest version, by module
 * @param tools the tools of its newest version
 * @param isCut whether not all of its tools are shown
 * @param versions some of its versions, the newest first
 * @param older the address of the older ones; null for none
 */
public record ServletPageView(
    ServletView servlet,
    boolean isOwner,
    @Nullable VersionLine published,
    List<Imports> imports,
    List<ToolText> tools,
    boolean isCut,
    List<VersionLine> versions,
    @Nullable String older) {
  private static final int MOST_CHARACTERS = 24_000;
  private static final int LONGEST_DESCRIPTION = 2_000;
  private static final int LONGEST_SCHEMA = 4_000;
  private static final int LONGEST_NAMES = 300;
  private static final int LONGEST_IMPORTS = 2_000;
  private static final int MOST_MODULES = 8;

  /**
   * The imports of a version from a module.
   *
   * @param names the names of what is imported
   */
  public record Imports(String module, String names) {}

  /**
   * A tool.
   *
   * @param schema the JSON Schema of its arguments
   */
  public record ToolText(String name, String description, String schema) {
    static ToolText of(JsonNode tool) {
      return new ToolText(
          tool.path("name").asText(),
          Excerpt.of(tool.path("description").asText(), LONGEST_DESCRIPTION),
          Excerpt.of(PrettyJson.of(tool.path("inputSchema"), LONGEST_SCHEMA), LONGEST_SCHEMA));
    }

    private int length() {
      return name.length() + description.length() + schema.length() + 200;
    }
  }

  /**
   * A version.
   *
   * @param tools the names of its tools
   */
  public record VersionLine(VersionView version, String tools) {}

  /**
   * The page of a servlet.
   *
   * @param imports what its newest version imports, each as {@code module.name}
   * @param published the content address of the version that has just been published; null for none
   */
  static ServletPageView of(
      PageRequest page,
      ServletPage found,
      List<String> imports,
      @Nullable String published,
      Json json) {
    ServletView servlet = found.servlet();
    List<VersionLine> versions =
        servlet.versions().stream()
            .map(
                version ->
                    new VersionLine(
                        version,
                        Excerpt.of(ToolLine.names(json.tree(version.tools())), LONGEST_NAMES)))
            .toList();
    JsonNode declared = json.tree(servlet.meta().schema().tools());
    List<ToolText> tools = tools(declared);
    return new ServletPageView(
        servlet,
        servlet.slug().startsWith(page.caller().username() + "/"),
        versions.stream()
            .filter(line -> line.version().address().equals(published))
            .findFirst()
            .orElse(null),
        imports(imports),
        tools,
        tools.size() < declared.size(),
        versions,
        found.before() == null
            ? null
            : page.home()
                + "/servlets/"
                + servlet.slug()
                + PagePaths.query(
                    Map.of(Paging.CURSOR, Paging.cursorAfter(String.valueOf(found.before())))));
  }

  private static List<Imports> imports(List<String> imports) {
    Map<String, List<String>> byModule = new LinkedHashMap<>();
    for (String each : imports) {
      int dot = each.indexOf('.');
      byModule
          .computeIfAbsent(each.substring(0, dot), module -> new ArrayList<>())
          .add(each.substring(dot + 1));
    }
    return byModule.entrySet().stream()
        .limit(MOST_MODULES)
        .map(
            module ->
                new Imports(
                    Excerpt.of(module.getKey(), LONGEST_NAMES),
                    Excerpt.of(String.join(", ", module.getValue()), LONGEST_IMPORTS)))
        .toList();
  }

  /** The first tools: those for which a page has room. */
  private static List<ToolText> tools(JsonNode declared) {
    List<ToolText> tools = new ArrayList<>();
    int left = MOST_CHARACTERS;
    for (JsonNode tool : declared) {
      ToolText text = ToolText.of(tool);
      left -= text.length();
      if (left < 0) {
        break;
      }
      tools.add(text);
    }
    return tools;
  }

  /** Whether only its owner sees it. */
  public boolean isPrivate() {
    return servlet.visibility().equals(Servlet.PRIVATE);
  }

  /** Its name, without its owner. */
  public String name() {
    return servlet.slug().substring(servlet.slug().indexOf('/') + 1);
  }
}
