package dev.errand.tools.port;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;

/**
 * Which tool of an installation a tool is, whatever the installation is called.
 *
 * @param tool the name that the servlet or server gives it
 * @param server the servlet, or the address of the server without what may be secret in it
 */
@RegisterForReflection
public record ToolOrigin(UUID installation, String tool, String server) {
  /** Whether another one is the same tool, be its server where it may. */
  public boolean isSameTool(ToolOrigin other) {
    return installation.equals(other.installation) && tool.equals(other.tool);
  }
}
