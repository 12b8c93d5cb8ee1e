package dev.errand.tools.install;

import dev.errand.base.error.ApiException;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** REST operations on the tools of remote servers: list them now, and accept changes. */
@Path("/api/profiles/{user}/{profile}/installations/{name}")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class RemoteResource {
  private final CurrentCaller caller;
  private final RemoteChecks checks;
  private final InstallationService installations;

  RemoteResource(CurrentCaller caller, RemoteChecks checks, InstallationService installations) {
    this.caller = caller;
    this.checks = checks;
    this.installations = installations;
  }

  /**
   * The request to accept tools.
   *
   * @param digest the digest of the tools, as {@code mcp.change} shows it
   */
  @RegisterForReflection
  public record Acceptance(@Nullable String digest) {}

  /** Lists the server's tools now. */
  @POST
  @Path("refresh")
  public InstallationView refresh(@BeanParam ProfileSlug profile, @RestPath String name)
      throws InterruptedException {
    checks.refresh(caller.get(), profile, name);
    return installations.get(caller.get(), profile, name);
  }

  /** Accepts the tools that the server lists instead of the pinned ones. */
  @POST
  @Path("accept")
  public InstallationView accept(
      @BeanParam ProfileSlug profile, @RestPath String name, @Nullable Acceptance accepted) {
    if (accepted == null || accepted.digest() == null) {
      throw ApiException.invalid("digest", "is required: the digest of mcp.change");
    }
    checks.accept(caller.get(), profile, name, accepted.digest());
    return installations.get(caller.get(), profile, name);
  }
}
