package dev.errand.tools.install;

import dev.errand.identity.account.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import org.jboss.resteasy.reactive.RestPath;

/** Deletes a servlet. */
@Path("/api/servlets")
@RunOnVirtualThread
public class ServletRemovalResource {
  private final CurrentCaller caller;
  private final ServletRemoval removal;

  ServletRemovalResource(CurrentCaller caller, ServletRemoval removal) {
    this.caller = caller;
    this.removal = removal;
  }

  /** Deletes a servlet with all its versions, where nothing uses it. */
  @DELETE
  @Path("{owner}/{name}")
  public void delete(@RestPath String owner, @RestPath String name) {
    removal.delete(caller.get(), owner, name);
  }
}
