package dev.errand.tools.install;

import dev.errand.tools.port.ToolSource;
import dev.errand.tools.servlet.registry.ServletSource;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** Finds the source of an installation's tools: a specific one, or else that of servlets. */
@Singleton
public class ToolSources {
  private final ServletSource servlets;
  private final List<ToolSource> others;

  ToolSources(ServletSource servlets, @All List<ToolSource> others) {
    this.servlets = servlets;
    this.others = others;
  }

  /**
   * The source of an installation's tools.
   *
   * @param slug the servlet or server, as {@code owner/name}
   */
  public ToolSource of(String slug) {
    return other(slug).orElse(servlets);
  }

  /** The source of an installation's tools, if it is not that of servlets. */
  public Optional<ToolSource> other(String slug) {
    return others.stream().filter(source -> source.offers(slug)).findFirst();
  }
}
