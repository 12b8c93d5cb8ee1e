package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.base.error.ApiException;
import dev.errand.base.json.Json;
import dev.errand.tools.install.InstallationRequest;
import dev.errand.tools.install.InstallationView;
import dev.errand.tools.install.ToolSwitches;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The form in which editors choose the tools of an installation that are on.
 *
 * @param tools its tools
 * @param message why it was refused; null where it was not
 */
public record ToolChoiceForm(
    InstallationView installation, List<ToolLine> tools, SentForm sent, @Nullable String message) {
  private static final String LATER = "later";
  private static final String TOOL = "t.";
  // Of a page with 100 KB.
  private static final int LONGEST_DESCRIPTION = 300;
  private static final int ALL_DESCRIPTIONS = 20_000;

  /** The form of an installation as it is. */
  static ToolChoiceForm of(InstallationView installation, Json json) {
    List<ToolLine> all = ToolLine.of(installation, json);
    int longest = Excerpt.each(all.size(), LONGEST_DESCRIPTION, ALL_DESCRIPTIONS);
    List<ToolLine> tools = all.stream().map(tool -> tool.shortened(longest)).toList();
    return new ToolChoiceForm(installation, tools, SentForm.of(Map.of()), null);
  }

  /** The same as it was sent. */
  ToolChoiceForm with(SentForm other) {
    return new ToolChoiceForm(installation, tools, other, null);
  }

  /** The same with what is wrong with it. */
  ToolChoiceForm refused(ApiException refusal) {
    return new ToolChoiceForm(installation, tools, sent, Refusal.of(refusal));
  }

  /**
   * Whether a tool is ticked. Each box has a hidden field of its name before it: a tool without one
   * was added after the form was shown, and stays as it is.
   */
  public boolean isTicked(ToolLine tool) {
    String field = TOOL + tool.name();
    return sent.has(field) ? sent.all(field).contains("true") : tool.on();
  }

  /** Whether tools that are added later are on. */
  public boolean isOpen() {
    return sent.has(LATER)
        ? sent.line(LATER).equals("on")
        : installation.switches().enabled() == null;
  }

  /** Whether nobody has chosen tools yet. */
  public boolean isNew() {
    return List.of().equals(installation.switches().enabled());
  }

  /** The request of the form. What was said of tools that are not there now stays. */
  InstallationRequest request() {
    ToolSwitches present = installation.switches();
    List<@Nullable String> ticked = new ArrayList<>();
    List<String> others = new ArrayList<>();
    tools.forEach(tool -> (isTicked(tool) ? ticked : others).add(tool.name()));
    if (isOpen()) {
      Stream<String> absent = present.disabled().stream().filter(this::isAbsent);
      return request(
          List.of(InstallationRequest.ALL), Stream.concat(others.stream(), absent).toList());
    }
    Objects.requireNonNullElse(present.enabled(), List.<String>of()).stream()
        .filter(this::isAbsent)
        .forEach(ticked::add);
    return request(ticked, present.disabled().stream().filter(this::isAbsent).toList());
  }

  private boolean isAbsent(String name) {
    return tools.stream().noneMatch(tool -> tool.name().equals(name));
  }

  private static InstallationRequest request(
      List<@Nullable String> enabled, List<String> disabled) {
    return new InstallationRequest(null, null, null, null, enabled, disabled, null, null, null);
  }
}
