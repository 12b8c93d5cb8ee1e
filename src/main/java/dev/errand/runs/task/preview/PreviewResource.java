package dev.errand.runs.task.preview;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.json.Json;
import dev.errand.base.secret.SealBrokenException;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.models.model.settings.ModelSettings;
import dev.errand.runs.task.Task;
import dev.errand.runs.task.TaskBook;
import dev.errand.runs.task.TaskKeys;
import dev.errand.tools.install.ProfileToolbox;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** Shows what a run would begin with, and asks no model. */
@Path("/api/profiles/{user}/{profile}/tasks/{task}/preview")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class PreviewResource {
  private final ProfileAccess access;
  private final TaskBook tasks;
  private final ProfileToolbox toolboxes;
  private final TaskKeys keys;
  private final Json json;

  PreviewResource(
      ProfileAccess access, TaskBook tasks, ProfileToolbox toolboxes, TaskKeys keys, Json json) {
    this.access = access;
    this.tasks = tasks;
    this.toolboxes = toolboxes;
    this.keys = keys;
    this.json = json;
  }

  /** The messages, tools and key that a run with these parameters would begin with. */
  @POST
  public Preview preview(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @Nullable PreviewRequest request) {
    Profile own = access.own(user, profile);
    Task found = tasks.require(own, task);
    ObjectNode parameters =
        request == null || request.parameters() == null ? json.object() : request.parameters();
    ModelSettings model = tasks.assign(found, parameters, parameters.toString()).model();
    List<Message> messages = new ArrayList<>();
    if (model.system() != null) {
      messages.add(new Message("system", model.system()));
    }
    messages.add(new Message("user", model.prompt()));
    List<OfferedTool> tools =
        toolboxes.of(own.id).tools().stream()
            .map(tool -> tool.spec())
            .map(spec -> new OfferedTool(spec.name(), spec.description(), spec.inputSchema()))
            .toList();
    return new Preview(messages, tools, new Key(found.key().isPresent(), opens(found)));
  }

  private boolean opens(Task task) {
    try {
      return !keys.open(task).isEmpty();
    } catch (SealBrokenException e) {
      return false;
    }
  }

  @RegisterForReflection
  public record PreviewRequest(@Nullable ObjectNode parameters) {}

  @RegisterForReflection
  public record Preview(List<Message> messages, List<OfferedTool> tools, Key key) {}

  @RegisterForReflection
  public record Message(String role, String content) {}

  @RegisterForReflection
  public record OfferedTool(String name, String description, ObjectNode inputSchema) {}

  @RegisterForReflection
  public record Key(boolean present, boolean opens) {}
}
