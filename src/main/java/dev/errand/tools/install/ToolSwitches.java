package dev.errand.tools.install;

import dev.errand.base.database.Row;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which tools of an installation are on, by the names that the servlet or server gives them. */
public final class ToolSwitches {
  /** The columns that {@link #of} reads. */
  static final String COLUMNS = "installation.enabled_tools, installation.disabled_tools";

  // Each tool of each run is looked up.
  private final @Nullable Set<String> enabled;
  private final Set<String> disabled;

  static ToolSwitches of(Row row) {
    return new ToolSwitches(row.textsOrNull("enabled_tools"), row.texts("disabled_tools"));
  }

  /**
   * Creates the switches.
   *
   * @param enabled those that were chosen; null for all, also those that are added later
   * @param disabled those that are off all the same
   */
  public ToolSwitches(@Nullable List<String> enabled, List<String> disabled) {
    this.enabled = enabled == null ? null : new LinkedHashSet<>(enabled);
    this.disabled = new LinkedHashSet<>(disabled);
  }

  /** Those that were chosen; null for all, also those that are added later. */
  public @Nullable List<String> enabled() {
    return enabled == null ? null : List.copyOf(enabled);
  }

  /** Those that are off all the same. */
  public List<String> disabled() {
    return List.copyOf(disabled);
  }

  /** Whether each tool is on that was on by others. */
  boolean keep(ToolSwitches others) {
    boolean isChosen =
        enabled == null || (others.enabled != null && enabled.containsAll(others.enabled));
    return isChosen && others.disabled.containsAll(disabled);
  }

  /** The chosen tools, or {@link InstallationRequest#ALL}. */
  List<String> shown() {
    return enabled == null ? List.of(InstallationRequest.ALL) : List.copyOf(enabled);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ToolSwitches switches
        && Objects.equals(enabled, switches.enabled)
        && disabled.equals(switches.disabled);
  }

  @Override
  public int hashCode() {
    return Objects.hash(enabled, disabled);
  }

  /** Whether a tool is on. */
  public boolean isOn(String tool) {
    return (enabled == null || enabled.contains(tool)) && !disabled.contains(tool);
  }
}
