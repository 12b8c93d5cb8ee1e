package dev.errand.identity.profile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.http.Paging;
import dev.errand.base.http.Paging.Part;
import dev.errand.base.http.QueryErrors;
import dev.errand.base.http.QueryFlag;
import dev.errand.base.http.ReadsQuery;
import dev.errand.base.json.MergePatch;
import dev.errand.identity.account.CurrentCaller;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** REST operations on profiles: list, get, create, change, delete. */
@Path("/api/profiles")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ProfileResource {
  private final CurrentCaller caller;
  private final ProfileService profiles;
  private final Paging paging;
  private final QueryErrors query;

  ProfileResource(CurrentCaller caller, ProfileService profiles, Paging paging, QueryErrors query) {
    this.caller = caller;
    this.profiles = profiles;
    this.paging = paging;
    this.query = query;
  }

  /** The public profiles; with {@code shared=true} those that others share with the caller. */
  @GET
  @ReadsQuery
  public RestResponse<List<ProfileView>> list(
      @RestQuery @Nullable String shared,
      @RestQuery @Nullable String limit,
      @RestQuery(Paging.CURSOR) @Nullable String cursor,
      @Context UriInfo uri) {
    boolean areShared = query.collected().read(() -> QueryFlag.of("shared", shared), false);
    Part part = query.collected().last(() -> Part.of(limit, cursor));
    return answer(
        uri,
        part,
        areShared
            ? profiles.listShared(caller.get(), part)
            : profiles.listPublic(caller.get(), part));
  }

  /** The profiles of a user that the caller may see. */
  @GET
  @Path("{user}")
  @ReadsQuery
  public RestResponse<List<ProfileView>> listOf(
      @RestPath String user,
      @RestQuery @Nullable String limit,
      @RestQuery(Paging.CURSOR) @Nullable String cursor,
      @Context UriInfo uri) {
    Part part = query.collected().last(() -> Part.of(limit, cursor));
    return answer(uri, part, profiles.listOf(caller.get(), user, part));
  }

  private RestResponse<List<ProfileView>> answer(UriInfo uri, Part part, List<ProfileView> read) {
    return paging.page(uri, part, read, ProfileView::slug).answer(Function.identity());
  }

  @GET
  @Path("{user}/{profile}")
  public ProfileView get(@BeanParam ProfileSlug profile) {
    return profiles.get(caller.get(), profile);
  }

  @POST
  @Path("{user}/{profile}")
  @Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
  public RestResponse<ProfileView> create(
      @BeanParam ProfileSlug profile, @Nullable ProfileRequest wanted) {
    return RestResponse.status(
        RestResponse.Status.CREATED,
        profiles.create(caller.get(), profile, wanted == null ? ProfileRequest.EMPTY : wanted));
  }

  /** Changes the fields that the body names. */
  @PATCH
  @Path("{user}/{profile}")
  @Consumes({MediaType.APPLICATION_JSON, MergePatch.MEDIA_TYPE})
  public ProfileView patch(@BeanParam ProfileSlug profile, @Nullable JsonNode body) {
    return profiles.patch(caller.get(), profile, MergePatch.in(body));
  }

  /** Deletes the profile with what is in it; with {@code force=true} also while runs are live. */
  @DELETE
  @Path("{user}/{profile}")
  @ReadsQuery
  public void delete(@BeanParam ProfileSlug profile, @RestQuery @Nullable String force) {
    profiles.delete(
        caller.get(), profile, query.collected().last(() -> QueryFlag.of("force", force)));
  }
}
