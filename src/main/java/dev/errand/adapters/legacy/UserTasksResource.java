package dev.errand.adapters.legacy;

import dev.errand.adapters.legacy.TasksResource.LegacyTask;
import dev.errand.base.json.StreamedArray;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The caller's tasks, at an address of older clients. */
@Path("/api/users/~/tasks")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class UserTasksResource {
  private final TasksResource tasks;

  UserTasksResource(TasksResource tasks) {
    this.tasks = tasks;
  }

  /** The tasks of all of the caller's profiles. */
  @GET
  public StreamedArray<LegacyTask> list() {
    return tasks.list("~");
  }
}
