package dev.errand.runs.approval;

import com.fasterxml.jackson.databind.JsonNode;
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

/** REST operation that previews approval rules of an installation. */
@Path("/api/profiles/{user}/{profile}/installations/{name}/approvals/preview")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ApprovalPreviewResource {
  private final CurrentCaller caller;
  private final ApprovalPreviewService previews;

  ApprovalPreviewResource(CurrentCaller caller, ApprovalPreviewService previews) {
    this.caller = caller;
    this.previews = previews;
  }

  /** Says which calls of the last 30 days would have waited by the rules of the body. */
  @POST
  public ApprovalPreview preview(
      @BeanParam ProfileSlug profile,
      @RestPath String name,
      @Nullable ApprovalPreviewRequest wanted) {
    return previews.preview(
        caller.get(), profile, name, wanted == null ? null : wanted.approvals());
  }

  /**
   * The request for a preview.
   *
   * @param approvals the rules; by default those that the installation has
   */
  @RegisterForReflection
  public record ApprovalPreviewRequest(@Nullable JsonNode approvals) {}
}
