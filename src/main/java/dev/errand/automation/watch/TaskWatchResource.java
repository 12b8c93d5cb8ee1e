package dev.errand.automation.watch;

import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;

/** REST endpoint that shows which conditions of a task's watch are missed. */
@Path("/api/profiles/{user}/{profile}/tasks/{task}/watch")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class TaskWatchResource {
  private final CurrentCaller caller;
  private final TaskWatchService watches;

  TaskWatchResource(CurrentCaller caller, TaskWatchService watches) {
    this.caller = caller;
    this.watches = watches;
  }

  /** The conditions of the task's watch; none where nothing is expected. */
  @GET
  public List<TaskWatchView> get(@BeanParam ProfileSlug profile, @RestPath String task) {
    return watches.of(caller.get(), profile, task);
  }
}
