package dev.errand.automation.trigger;

import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.RestPath;

/** The signed URL of a task, which older clients request before each run. */
@Path("/api/tasks/{user}/{profile}/{task}/signed")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class SignedUrlResource {
  private final CurrentCaller caller;
  private final TriggerService triggers;

  SignedUrlResource(CurrentCaller caller, TriggerService triggers) {
    this.caller = caller;
    this.triggers = triggers;
  }

  /**
   * The signed URL. It stays the same until its trigger, {@code signed}, is deleted. A body is
   * ignored.
   */
  @POST
  @Consumes(MediaType.WILDCARD)
  public SignedUrl post(
      @BeanParam ProfileSlug profile, @RestPath String task, @Context UriInfo uri) {
    return new SignedUrl(triggers.signedUrl(caller.get(), profile, task, uri.getBaseUri()));
  }

  /**
   * A signed URL.
   *
   * @param url the address, absolute
   */
  @RegisterForReflection
  @ApiSchema("SignedUrl")
  public record SignedUrl(@Field String url) {}
}
