package dev.errand.tools.install;

import dev.errand.base.database.Row;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which tools of an installation are on, by the names that the servlet or server gives them.
 *
 * @param enabled those that were chosen; null for all, also those that are added later
 * @param disabled those that are off all the same
 */
public record ToolSwitches(@Nullable List<String> enabled, List<String> disabled) {
  /** The columns that {@link #of} reads. */
  static final String COLUMNS = "installation.enabled_tools, installation.disabled_tools";

  static ToolSwitches of(Row row) {
    return new ToolSwitches(row.textsOrNull("enabled_tools"), row.texts("disabled_tools"));
  }

  public ToolSwitches {
    enabled = enabled == null ? null : List.copyOf(enabled);
    disabled = List.copyOf(disabled);
  }

  /** Whether each tool is on that was on by others. */
  boolean keep(ToolSwitches others) {
    boolean isChosen =
        enabled == null || (others.enabled != null && enabled.containsAll(others.enabled));
    return isChosen && others.disabled.containsAll(disabled);
  }

  /** The chosen tools, or {@link InstallationRequest#ALL}. */
  List<String> shown() {
    return enabled == null ? List.of(InstallationRequest.ALL) : enabled;
  }

  /** Whether a tool is on. */
  public boolean isOn(String tool) {
    return (enabled == null || enabled.contains(tool)) && !disabled.contains(tool);
  }
}
