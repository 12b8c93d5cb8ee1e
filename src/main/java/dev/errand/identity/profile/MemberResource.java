package dev.errand.identity.profile;

import dev.errand.base.error.ApiException;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileMembers.SavedMember;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The members of a profile. */
@Path("/api/profiles/{user}/{profile}/members")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class MemberResource {
  private final CurrentCaller caller;
  private final MemberService members;

  MemberResource(CurrentCaller caller, MemberService members) {
    this.caller = caller;
    this.members = members;
  }

  /** The profile's owner and its members. */
  @GET
  public List<MemberView> list(@BeanParam ProfileSlug profile) {
    return members.list(caller.get(), profile);
  }

  /** Shares the profile with a user, or changes the user's role. */
  @PUT
  @Path("{member}")
  @Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
  public RestResponse<MemberView> put(
      @BeanParam ProfileSlug profile, @RestPath String member, @Nullable MemberRequest wanted) {
    if (wanted == null) {
      throw ApiException.invalid("body", "is required: {\"role\"}");
    }
    SavedMember saved = members.put(caller.get(), profile, member, wanted);
    return RestResponse.status(
        saved.created() ? RestResponse.Status.CREATED : RestResponse.Status.OK, saved.member());
  }

  @DELETE
  @Path("{member}")
  public void delete(@BeanParam ProfileSlug profile, @RestPath String member) {
    members.delete(caller.get(), profile, member);
  }
}
