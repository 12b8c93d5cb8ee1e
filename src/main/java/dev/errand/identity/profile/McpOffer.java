package dev.errand.identity.profile;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.field.Field;
import dev.errand.base.json.CheckedRequest;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import org.jspecify.annotations.Nullable;

/** What a profile offers to chats by the Model Context Protocol. */
@RegisterForReflection
@Embeddable
@ApiSchema(value = "McpOffer", description = "What the profile offers to chats at `/mcp`.")
public record McpOffer(
    @Field("Its tasks are tools, and their runs can be waited for, listed and " + "cancelled.")
        @Column(name = "mcp_tasks")
        boolean tasks,
    @Field("Its installed tools can be called.") @Column(name = "mcp_tools") boolean tools,
    @Field("Tasks can be created and scheduled.") @Column(name = "mcp_manage") boolean manage) {
  private static final boolean TASKS = true;
  private static final boolean TOOLS = true;
  private static final boolean MANAGE = false;
  private static final McpOffer DEFAULT = new McpOffer(TASKS, TOOLS, MANAGE);

  /** A request for an offer; fields that it does not name have their default. */
  @RegisterForReflection
  public record Request(
      @Field(defaultValue = "" + TASKS) @Nullable Boolean tasks,
      @Field(defaultValue = "" + TOOLS) @Nullable Boolean tools,
      @Field(defaultValue = "" + MANAGE) @Nullable Boolean manage)
      implements CheckedRequest {
    @Override
    public void check() {
      DeclaredFields.check(this);
    }

    McpOffer wanted() {
      return new McpOffer(
          tasks == null ? DEFAULT.tasks : tasks,
          tools == null ? DEFAULT.tools : tools,
          manage == null ? DEFAULT.manage : manage);
    }
  }

  static McpOffer wanted(@Nullable Request request) {
    return request == null ? DEFAULT : request.wanted();
  }
}
