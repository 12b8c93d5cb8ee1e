package dev.errand.adapters.console.tool;

import dev.errand.adapters.console.page.Excerpt;
import dev.errand.base.json.Json;
import dev.errand.tools.install.InstallationView;
import java.util.List;

/**
 * An installation in the list of those of a profile.
 *
 * @param tools how many tools it has that are switched on
 * @param off how many are switched off
 */
public record InstallationLine(InstallationView installation, int tools, int off) {
  private static final int LONGEST = 200;

  static InstallationLine of(InstallationView installation, Json json) {
    List<ToolLine> tools = ToolLine.of(installation, json);
    int on = (int) tools.stream().filter(ToolLine::on).count();
    return new InstallationLine(installation, on, tools.size() - on);
  }

  /** Whether it can be used. */
  public InstallationState state() {
    return InstallationState.of(installation);
  }

  /** What is installed: a servlet, or the address of a server. */
  public String source() {
    return Excerpt.of(InstallationPageView.source(installation), LONGEST);
  }

  /** The hosts that it may call; empty for none. */
  public String hosts() {
    return Excerpt.of(
        String.join(", ", installation.settings().permissions().network().domains()), LONGEST);
  }
}
