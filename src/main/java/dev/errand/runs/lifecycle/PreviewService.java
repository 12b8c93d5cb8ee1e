package dev.errand.runs.lifecycle;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.secret.SealBrokenException;
import dev.errand.identity.account.Caller;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.models.port.ModelSettings;
import dev.errand.runs.lifecycle.Preview.Message;
import dev.errand.runs.lifecycle.Preview.OfferedTool;
import dev.errand.runs.lifecycle.ScheduledRuns.ScheduledRun;
import dev.errand.runs.task.AssignedTask;
import dev.errand.runs.task.TaskAccess;
import dev.errand.runs.task.TaskKeys;
import dev.errand.runs.task.TaskPreparations;
import dev.errand.runs.task.TaskRegistration;
import dev.errand.runs.task.TaskSnapshot;
import dev.errand.runs.task.TaskStore;
import dev.errand.tools.install.ProfileToolbox;
import dev.errand.tools.port.ToolSpec;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Previews a run of a task without calling the model. */
@ApplicationScoped
public class PreviewService {
  // A placeholder, since the caller chooses the name when the run is started.
  private static final String NAME = "preview";

  private final TaskAccess access;
  private final TaskPreparations tasks;
  private final StartValues values;
  private final ScheduledRuns schedules;
  private final ProfileToolbox toolboxes;
  private final TaskKeys keys;
  private final ShownRequests requests;

  PreviewService(
      TaskAccess access,
      TaskPreparations tasks,
      StartValues values,
      ScheduledRuns schedules,
      ProfileToolbox toolboxes,
      TaskKeys keys,
      ShownRequests requests) {
    this.access = access;
    this.tasks = tasks;
    this.values = values;
    this.schedules = schedules;
    this.toolboxes = toolboxes;
    this.keys = keys;
    this.requests = requests;
  }

  /**
   * The messages, tools and key that a run would begin with.
   *
   * @param parameters its parameters; null for those of the schedule, or none
   * @param schedule the schedule whose next run is shown; null for a run by request
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, {@link ErrorCode#TASK_NOT_FOUND},
   *     {@link ErrorCode#SCHEDULE_NOT_FOUND} or {@link ErrorCode#MISSING_PARAMETERS}
   */
  public Preview preview(
      Caller caller,
      ProfileSlug profile,
      String task,
      @Nullable ObjectNode parameters,
      @Nullable String schedule) {
    TaskSnapshot snapshot = access.require(caller, profile, task, Right.SEE);
    ScheduledRun next = schedule == null ? null : schedules.next(snapshot, schedule);
    ObjectNode otherwise = next == null ? JsonNodeFactory.instance.objectNode() : next.parameters();
    ObjectNode given = parameters == null ? otherwise : parameters;
    return of(
        caller,
        new StartValues.Start(
            snapshot,
            next == null ? NAME : next.run(),
            given.toString(),
            next == null ? null : next.time()),
        given,
        keys.server(snapshot.id()),
        key(snapshot));
  }

  /**
   * The same for a task that a registration would create. Nothing is registered.
   *
   * @param parameters its parameters; null for none
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}, {@link ErrorCode#ROLE_MISSING},
   *     {@link ErrorCode#MISSING_PARAMETERS}, or when the registration is not valid
   */
  public Preview draft(
      Caller caller,
      ProfileSlug profile,
      String task,
      TaskRegistration registration,
      @Nullable ObjectNode parameters) {
    Profile own = access.requireProfile(caller, profile, task, Right.EDIT);
    TaskStore.Draft draft = tasks.draft(caller, own, task, registration);
    ObjectNode given = parameters == null ? JsonNodeFactory.instance.objectNode() : parameters;
    TaskKeys.Server server = draft.server();
    return of(
        caller,
        new StartValues.Start(draft.task(), NAME, given.toString(), null),
        given,
        server,
        // A key in the request can be opened.
        new Preview.Key(server.hasKey(), server.hasKey()));
  }

  private Preview of(
      Caller caller,
      StartValues.Start start,
      ObjectNode parameters,
      TaskKeys.Server server,
      Preview.Key key) {
    AssignedTask assigned =
        tasks.preview(caller, start.task(), parameters, values.of(List.of(start)).getFirst());
    ModelSettings model = assigned.model();
    List<Message> messages = new ArrayList<>();
    if (model.system() != null) {
      messages.add(new Message("system", model.system()));
    }
    messages.add(new Message("user", model.prompt()));
    List<ToolSpec> tools =
        toolboxes.of(start.task().profile().id(), assigned.settings().choice()).tools().stream()
            .map(tool -> tool.spec())
            .toList();
    return new Preview(messages, offered(tools), key, requests.first(server, assigned, tools));
  }

  private static List<OfferedTool> offered(List<ToolSpec> tools) {
    return tools.stream()
        .map(spec -> new OfferedTool(spec.name(), spec.description(), spec.inputSchema()))
        .toList();
  }

  private Preview.Key key(TaskSnapshot task) {
    try {
      boolean present = keys.open(task.id()).filter(key -> !key.value().isEmpty()).isPresent();
      return new Preview.Key(present, present);
    } catch (SealBrokenException e) {
      return new Preview.Key(true, false);
    }
  }
}
