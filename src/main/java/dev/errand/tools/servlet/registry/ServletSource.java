package dev.errand.tools.servlet.registry;

import dev.errand.base.error.ApiException;
import dev.errand.tools.port.PermittedTool;
import dev.errand.tools.port.ToolCall;
import dev.errand.tools.port.ToolResult;
import dev.errand.tools.port.ToolSource;
import dev.errand.tools.port.ToolSpec;
import dev.errand.tools.port.ToolUser;
import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.host.ServletHost;
import dev.errand.tools.servlet.limit.Grant;
import dev.errand.tools.servlet.limit.HttpBudget;
import dev.errand.tools.servlet.module.ContentAddress;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * The tools of servlets, each call of which runs in the host. The calls of a session share a budget
 * of HTTP requests.
 */
@Singleton
@Typed(ServletSource.class)
public class ServletSource implements ToolSource {
  private final Registry registry;
  private final ServletHost host;

  ServletSource(Registry registry, ServletHost host) {
    this.registry = registry;
    this.host = host;
  }

  @Override
  public boolean offers(String slug) {
    return true;
  }

  @Override
  public List<ToolSpec> tools(String address) {
    return registry.tools(new ContentAddress(address));
  }

  @Override
  public Session open(ToolUser user) {
    HttpBudget requests = host.runBudget();
    return (tool, call) -> call(tool, requests, user, call);
  }

  private ToolResult call(PermittedTool tool, HttpBudget requests, ToolUser user, ToolCall call)
      throws InterruptedException {
    Grant grant =
        new Grant(
            tool.domains(), tool.config(), requests, tool.owner(user.profileId()), tool.remedy());
    try {
      return host.call(
          registry.module(new ContentAddress(tool.address())), grant, tool.name(), call);
    } catch (InvalidServletException | ApiException e) {
      return ToolResult.error("The tool " + tool.shownName() + " can't be run: " + e.getMessage());
    }
  }
}
