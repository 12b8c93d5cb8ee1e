package dev.errand.adapters.legacy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.base.http.Tagged;
import dev.errand.base.json.Json;
import dev.errand.base.json.StreamedArray;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.models.port.ModelSettings;
import dev.errand.models.port.Runners;
import dev.errand.models.port.SettingsByRunner;
import dev.errand.runs.task.TaskRegistration;
import dev.errand.runs.task.TaskService;
import dev.errand.runs.task.TaskService.Registering;
import dev.errand.runs.task.TaskService.TaskOfProfile;
import dev.errand.runs.task.TaskSettings;
import dev.errand.runs.task.TaskView;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Tasks in the form that older clients expect. */
@Path("/api/tasks/{user}")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class TasksResource {
  private static final String SERVER = "base_url";

  private final CurrentCaller caller;
  private final TaskService tasks;
  private final Json json;
  private final Runners runners;

  TasksResource(CurrentCaller caller, TaskService tasks, Json json, Runners runners) {
    this.caller = caller;
    this.tasks = tasks;
    this.json = json;
    this.runners = runners;
  }

  @GET
  public StreamedArray<LegacyTask> list(@RestPath String user) {
    Consumer<Consumer<TaskOfProfile>> all = tasks.all(caller.get(), user);
    return new StreamedArray<>(
        to ->
            all.accept(
                found -> to.accept(seen(new ProfileSlug(user, found.profile()), found.task()))));
  }

  @GET
  @Path("{profile}/{task}")
  public LegacyTask get(@BeanParam ProfileSlug profile, @RestPath String task) {
    return seen(profile, tasks.get(caller.get(), profile, task));
  }

  @PUT
  @Path("{profile}/{task}")
  public RestResponse<LegacyTask> put(
      @BeanParam ProfileSlug profile,
      @RestPath String task,
      @Nullable LegacyTaskRequest wanted,
      @Context UriInfo uri) {
    if (wanted == null) {
      throw ApiException.invalid("body", "is required: " + runners.shape());
    }
    TaskView known = tasks.find(caller.get(), profile, task).orElse(null);
    Registering registered =
        tasks.register(
            caller.get(),
            profile,
            task,
            wanted.registration(runners, known, model -> withoutProviders(known, model)),
            uri.getBaseUri());
    return RestResponse.status(
        registered.created() ? RestResponse.Status.CREATED : RestResponse.Status.OK,
        seen(profile, registered.task()));
  }

  // A GET shows the settings of the provider. When a client puts them back, they stay the
  // provider's, and follow its changes.
  private ModelSettings withoutProviders(@Nullable TaskView known, ModelSettings wanted) {
    if (known == null || known.provider() == null || !known.runner().equals(wanted.runner())) {
      return wanted;
    }
    ObjectNode own = (ObjectNode) json.toTree(known.model().any());
    ObjectNode effective = (ObjectNode) json.toTree(known.effective());
    ObjectNode left = (ObjectNode) json.toTree(wanted);
    // The GET shows the provider's server as if it were the task's.
    own.remove(SERVER);
    effective
        .properties()
        .forEach(
            shown -> {
              if (!own.hasNonNull(shown.getKey())
                  && shown.getValue().equals(left.get(shown.getKey()))) {
                left.remove(shown.getKey());
              }
            });
    return runners.stored(wanted.runner(), left);
  }

  private LegacyTask seen(ProfileSlug profile, TaskView task) {
    ModelSettings model = task.effective();
    return new LegacyTask(
        task.name(),
        caller.get().nameOf(profile.user()) + "/" + profile.name() + "/" + task.name(),
        task.runner(),
        task.provider() == null ? task.runner() : task.provider(),
        model.prompt(),
        task.provider() == null ? task.model() : SettingsByRunner.of(model.at(null)),
        task.settings().bounds(),
        task.enabled(),
        task.createdAt(),
        task.modifiedAt(),
        task.etag());
  }

  /**
   * A request of an older client. The latest of them name a provider: a stored runner, model and
   * key. Fields that only the server sets are ignored.
   */
  @RegisterForReflection
  @JsonIgnoreProperties({"name", "slug", "created_at", "modified_at"})
  static final class LegacyTaskRequest extends SettingsByRunner {
    private final @Nullable String runner;
    private final TaskSettings.@Nullable Request settings;
    private final @Nullable Boolean enabled;
    private final @Nullable String provider;
    private final @Nullable String prompt;

    @JsonCreator
    LegacyTaskRequest(
        @Nullable String runner,
        TaskSettings.@Nullable Request settings,
        @Nullable Boolean enabled,
        @Nullable String provider,
        @Nullable String prompt) {
      this.runner = runner;
      this.settings = settings;
      this.enabled = enabled;
      this.provider = provider;
      this.prompt = prompt;
    }

    TaskRegistration registration(
        Runners runners, @Nullable TaskView known, UnaryOperator<ModelSettings> withProvider) {
      ModelSettings before = known == null ? null : known.effective();
      boolean isProvider = provider != null && runners.find(provider).isEmpty();
      String of = isProvider ? anyRunner() : runner;
      ModelSettings model = isProvider && of == null ? null : require(of, runners, before);
      // A GET shows the prompt in both places.
      if (prompt != null && model != null && !prompt.equals(model.prompt())) {
        throw ApiException.invalid("prompt", "belongs into " + of + ", beside the model");
      }
      return provider != null && isProvider
          ? new TaskRegistration(
              provider,
              model == null ? null : withProvider.apply(model),
              model == null ? prompt : null,
              settings,
              enabled)
          : new TaskRegistration(require(runner, runners, before), settings, enabled);
    }
  }

  /**
   * A task.
   *
   * @param model the runner's settings, under the runner's name, where clients look for the prompt
   *     and the model
   * @param settings its bounds; never the key
   */
  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  @ApiSchema("OlderTask")
  public record LegacyTask(
      @Field String name,
      @Field("`user/profile/name`.") String slug,
      @Field String runner,
      @Field("The provider that it names; otherwise the same as `runner`.") String provider,
      @Field String prompt,
      @JsonUnwrapped SettingsByRunner model,
      @Field TaskSettings settings,
      @Field boolean enabled,
      @Field Instant createdAt,
      @Field Instant modifiedAt,
      @JsonIgnore long etag)
      implements Tagged {}
}
