package dev.errand.automation.trigger;

import dev.errand.identity.profile.ProfileAccess;
import dev.errand.runs.task.TaskBook;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
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
  private final ProfileAccess access;
  private final TaskBook tasks;
  private final TriggerBook triggers;
  private final TriggerAddress addresses;

  SignedUrlResource(
      ProfileAccess access, TaskBook tasks, TriggerBook triggers, TriggerAddress addresses) {
    this.access = access;
    this.tasks = tasks;
    this.triggers = triggers;
    this.addresses = addresses;
  }

  /**
   * The signed URL. It stays the same until its trigger, {@code signed}, is deleted. A body is
   * ignored.
   */
  @POST
  @Consumes(MediaType.WILDCARD)
  public SignedUrl post(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String task,
      @Context UriInfo uri) {
    TaskTrigger trigger = triggers.signedUrl(tasks.require(access.own(user, profile), task));
    return new SignedUrl(addresses.of(trigger.id, uri));
  }

  /**
   * A signed URL.
   *
   * @param url the address, absolute
   */
  @RegisterForReflection
  public record SignedUrl(String url) {}
}
