package dev.errand.identity.user;

import dev.errand.base.error.ApiException;
import dev.errand.base.http.QueryErrors;
import dev.errand.base.http.QueryFlag;
import dev.errand.base.http.ReadsQuery;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.user.UserService.SavedUser;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Users. */
@Path("/api/users")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class UserResource {
  private final CurrentCaller caller;
  private final UserService users;
  private final QueryErrors query;

  UserResource(CurrentCaller caller, UserService users, QueryErrors query) {
    this.caller = caller;
    this.users = users;
    this.query = query;
  }

  /** All users, by name. */
  @GET
  public List<UserView> list() {
    return users.list(caller.get());
  }

  @GET
  @Path("~")
  public MeView me() {
    return users
        .me(caller.get())
        .orElseThrow(
            () ->
                CurrentCaller.unauthenticated(
                    "The user of this credential was deleted just now: use another one."));
  }

  @PUT
  @Path("{name}")
  @Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
  public RestResponse<UserView> put(
      @RestPath String name, @Nullable UserRequest wanted, @Context UriInfo uri)
      throws InterruptedException {
    if (wanted == null) {
      throw ApiException.invalid("body", "is required: {\"role\"}");
    }
    SavedUser saved = users.put(caller.get(), name, wanted, uri.getBaseUri());
    return RestResponse.status(
        saved.created() ? RestResponse.Status.CREATED : RestResponse.Status.OK, saved.user());
  }

  /** Creates a link by which the user chooses another password. */
  @POST
  @Path("{name}/password-reset")
  public PasswordReset resetPassword(@RestPath String name, @Context UriInfo uri) {
    return users.resetPassword(caller.get(), name, uri.getBaseUri());
  }

  /** Deletes a user with everything they own. */
  @DELETE
  @Path("{name}")
  @ReadsQuery
  public void delete(@RestPath String name, @RestQuery @Nullable String force) {
    users.delete(caller.get(), name, query.collected().last(() -> QueryFlag.of("force", force)));
  }
}
