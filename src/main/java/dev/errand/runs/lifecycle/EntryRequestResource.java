package dev.errand.runs.lifecycle;

import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.models.port.ModelRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;

/** REST access to the requests that led to entries of runs. */
@Path("/api/profiles/{user}/{profile}/tasks/{task}/runs/{run}/entries/{number}/request")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class EntryRequestResource {
  private final CurrentCaller caller;
  private final EntryRequests requests;

  EntryRequestResource(CurrentCaller caller, EntryRequests requests) {
    this.caller = caller;
    this.requests = requests;
  }

  /**
   * The request, without the key.
   *
   * @param number the number of the entry, from 0
   */
  @GET
  public ModelRequest get(
      @BeanParam ProfileSlug profile,
      @RestPath String task,
      @RestPath String run,
      @RestPath String number) {
    return requests.of(caller.get(), profile, task, run, number);
  }
}
