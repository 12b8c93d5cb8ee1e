package dev.errand.runs.lifecycle;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.field.Field;
import dev.errand.base.json.CheckedRequest;
import dev.errand.base.json.Json;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.runs.task.TaskRegistration;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** REST endpoint that previews a run of a task without calling the model. */
@Path("/api/profiles/{user}/{profile}/tasks/{task}/preview")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class PreviewResource {
  private final CurrentCaller caller;
  private final PreviewService previews;
  private final Json json;

  PreviewResource(CurrentCaller caller, PreviewService previews, Json json) {
    this.caller = caller;
    this.previews = previews;
    this.json = json;
  }

  @POST
  public Preview preview(
      @BeanParam ProfileSlug profile, @RestPath String task, @Nullable PreviewRequest request) {
    PreviewRequest wanted = request == null ? new PreviewRequest(null, null, null) : request;
    ObjectNode draft = wanted.task();
    if (draft == null) {
      return previews.preview(caller.get(), profile, task, wanted.parameters(), wanted.schedule());
    }
    if (wanted.schedule() != null) {
      throw ApiException.invalid("schedule", "can't be combined with `task`");
    }
    try {
      TaskRegistration registration = json.request(draft, TaskRegistration.class);
      return previews.draft(caller.get(), profile, task, registration, wanted.parameters());
    } catch (ApiException e) {
      // Parameters are beside the task.
      throw e.code() == ErrorCode.MISSING_PARAMETERS ? e : InvalidFields.within("task", e);
    }
  }

  /**
   * The request for a preview.
   *
   * @param task is read apart, so that all its wrong fields are named at once
   */
  @RegisterForReflection
  @ApiSchema("PreviewRequest")
  public record PreviewRequest(
      @Field("By default those of the schedule, otherwise none.") @Nullable ObjectNode parameters,
      @Field(
              "The schedule whose next run is previewed, with its time zone and the previous"
                  + " answer; none by default.")
          @Nullable String schedule,
      @Field(schema = "TaskRequest") @Nullable ObjectNode task)
      implements CheckedRequest {
    @Override
    public void check() {
      DeclaredFields.check(this);
    }
  }
}
