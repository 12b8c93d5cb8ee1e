package dev.errand.adapters.console.tool;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.PageTime;
import dev.errand.adapters.console.tool.ServletPageView.Behind;
import dev.errand.adapters.console.tool.ServletPageView.Imports;
import dev.errand.adapters.console.tool.ServletPageView.PublishResult;
import dev.errand.adapters.console.tool.ServletPageView.ToolText;
import dev.errand.adapters.console.tool.ServletPageView.VersionLine;
import dev.errand.base.http.Paging;
import dev.errand.base.json.Json;
import dev.errand.tools.servlet.registry.Servlet;
import dev.errand.tools.servlet.registry.ServletService.ServletPage;
import dev.errand.tools.servlet.registry.ServletView;
import dev.errand.tools.servlet.registry.ServletView.VersionView;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds the view of the page of a servlet. */
@ApplicationScoped
class ServletPageViews {
  private static final int MOST_CHARACTERS = 24_000;
  private static final int LONGEST_DESCRIPTION = 2_000;
  private static final int LONGEST_SCHEMA = 4_000;
  private static final int LONGEST_NAMES = 300;
  private static final int LONGEST_IMPORTS = 2_000;
  private static final int MOST_MODULES = 8;
  private static final int KIB = 1024;

  private final Json json;

  ServletPageViews(Json json) {
    this.json = json;
  }

  /**
   * The page of a servlet.
   *
   * @param imports what its newest version imports
   * @param published the content address of the version that has just been published; null for none
   */
  ServletPageView of(
      PageRequest page, ServletPage found, List<String> imports, @Nullable String published) {
    ServletView servlet = found.servlet();
    String home = page.home();
    String address = home + "/servlets/" + servlet.slug();
    String[] slug = servlet.slug().split("/", 2);
    List<VersionLine> versions = servlet.versions().stream().map(this::line).toList();
    List<ToolText> tools = new ArrayList<>();
    boolean isCut = tools(servlet, tools);
    return new ServletPageView(
        servlet.slug(),
        address,
        servlet.description(),
        servlet.visibility().equals(Servlet.PRIVATE),
        slug[0].equals(page.caller().username())
            ? home + "/publish" + PagePaths.query(Map.of("name", slug[1]))
            : null,
        servlet.address() != null && page.mayEdit() ? home + "/install/" + servlet.slug() : null,
        versions.stream()
            .filter(version -> version.digest().equals(published))
            .findFirst()
            .map(version -> new PublishResult(version, version.isYanked()))
            .orElse(null),
        servlet.meta().requirements().domains(),
        servlet.meta().requirements().config(),
        imports(imports),
        tools,
        isCut,
        versions,
        found.before() == null
            ? null
            : address
                + PagePaths.query(
                    Map.of(Paging.CURSOR, Paging.cursorAfter(String.valueOf(found.before())))),
        servlet.behind().stream().map(behind -> behind(page, behind)).toList());
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

  /**
   * Adds the tools of the newest version, and returns whether there was not enough room for all.
   */
  private boolean tools(ServletView servlet, List<ToolText> to) {
    int left = MOST_CHARACTERS;
    for (JsonNode tool : json.tree(servlet.meta().schema().tools())) {
      String schema = tool.path("inputSchema").toPrettyString();
      ToolText text =
          new ToolText(
              tool.path("name").asText(),
              Excerpt.of(tool.path("description").asText(), LONGEST_DESCRIPTION),
              Excerpt.of(schema, LONGEST_SCHEMA));
      left -= text.name().length() + text.description().length() + text.schema().length() + 200;
      if (left < 0) {
        return true;
      }
      to.add(text);
    }
    return false;
  }

  private VersionLine line(VersionView version) {
    List<String> tools = new ArrayList<>();
    for (JsonNode tool : json.tree(version.tools())) {
      tools.add(tool.path("name").asText());
    }
    return new VersionLine(
        version.number(),
        version.address(),
        PageTime.of(version.createdAt()),
        Amounts.number(Math.max(1, version.size() / KIB)) + " KiB",
        version.engine(),
        Excerpt.of(String.join(", ", tools), LONGEST_NAMES),
        version.yanked());
  }

  // Only of the visitor's own profiles, whichever profile this page belongs to.
  private static Behind behind(PageRequest page, ServletView.Behind behind) {
    String home = "%s/%s/%s".formatted(page.root(), page.caller().username(), behind.profile());
    return new Behind(
        behind.profile() + "/" + behind.name(),
        PagePaths.tool(home, behind.name()),
        behind.number());
  }
}
