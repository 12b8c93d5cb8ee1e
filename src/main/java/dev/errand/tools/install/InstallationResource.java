package dev.errand.tools.install;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.HttpDate;
import dev.errand.base.http.Paging;
import dev.errand.base.http.Paging.Listed;
import dev.errand.base.http.Paging.Page;
import dev.errand.base.http.Paging.Part;
import dev.errand.base.http.QueryErrors;
import dev.errand.base.http.ReadsQuery;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.tools.install.InstallationService.Listing;
import dev.errand.tools.install.InstallationView.Installs;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** REST operations on the installations of a profile: list, install, get, change, uninstall. */
@Path("/api/profiles/{user}/{profile}/installations")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class InstallationResource {
  private final CurrentCaller caller;
  private final InstallationService installations;
  private final Paging paging;
  private final Clock clock;
  private final QueryErrors query;

  InstallationResource(
      CurrentCaller caller,
      InstallationService installations,
      Paging paging,
      Clock clock,
      QueryErrors query) {
    this.caller = caller;
    this.installations = installations;
    this.paging = paging;
    this.clock = clock;
    this.query = query;
  }

  /**
   * The installations, by name; 304 where the client has the present list. If there are more, the
   * {@code Link} header has the address of the next page.
   */
  @GET
  @ReadsQuery
  public RestResponse<Installs> list(
      @BeanParam ProfileSlug profile,
      @RestQuery @Nullable String limit,
      @RestQuery(Paging.CURSOR) @Nullable String cursor,
      @HeaderParam(HttpHeaders.IF_MODIFIED_SINCE) List<String> lines,
      @Context UriInfo uri) {
    Part part = query.collected().last(() -> Part.of(limit, cursor));
    // Intermediaries may split a header field at a comma.
    @Nullable String since = lines.isEmpty() ? null : String.join(",", lines);
    // Before anything is read, so that every later change counts as a change since this answer.
    Instant now = clock.instant();
    Listing listing =
        installations.list(
            caller.get(),
            profile,
            part.after(),
            part.limit(),
            change -> change.isKnownSince(since, now));
    Listed<InstallationView> read = listing.installs();
    RestResponse.ResponseBuilder<Installs> answer =
        read == null
            ? RestResponse.ResponseBuilder.create(RestResponse.Status.NOT_MODIFIED)
            : listed(paging.page(uri, read, InstallationView::name));
    return answer
        .header(HttpHeaders.DATE, HttpDate.write(now))
        .header(HttpHeaders.LAST_MODIFIED, listing.change().lastModified(now))
        .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
        .build();
  }

  private static RestResponse.ResponseBuilder<Installs> listed(Page<InstallationView> page) {
    return page.linked(RestResponse.ResponseBuilder.ok(new Installs(page.items())));
  }

  /** Installs a servlet or a remote MCP server. */
  @POST
  public RestResponse<InstallationView> install(
      @BeanParam ProfileSlug profile, @Nullable InstallationRequest wanted)
      throws InterruptedException {
    return RestResponse.status(
        RestResponse.Status.CREATED, installations.install(caller.get(), profile, wanted));
  }

  @GET
  @Path("{name}")
  public InstallationView get(@BeanParam ProfileSlug profile, @RestPath String name) {
    return installations.get(caller.get(), profile, name);
  }

  /**
   * Changes the fields that the request names; a config that it names replaces the whole config.
   */
  @PUT
  @Path("{name}")
  public InstallationView put(
      @BeanParam ProfileSlug profile, @RestPath String name, @Nullable InstallationRequest wanted)
      throws InterruptedException {
    return update(profile, name, wanted, true);
  }

  /** Changes the fields that the request names, and of the config only the named keys. */
  @PATCH
  @Path("{name}")
  public InstallationView patch(
      @BeanParam ProfileSlug profile, @RestPath String name, @Nullable InstallationRequest wanted)
      throws InterruptedException {
    return update(profile, name, wanted, false);
  }

  @DELETE
  @Path("{name}")
  public void delete(@BeanParam ProfileSlug profile, @RestPath String name) {
    installations.uninstall(caller.get(), profile, name);
  }

  /** Older clients request a token to call the tools themselves; here the service calls them. */
  // No document describes an operation that never succeeds.
  @Operation(hidden = true)
  @GET
  @Path("{name}/oauth")
  public void oauth(@BeanParam ProfileSlug profile, @RestPath String name) {
    InstallationView found = installations.get(caller.get(), profile, name);
    throw new ApiException(
        ErrorCode.NO_OAUTH,
        found.servlet().hasClient()
            ? found.name() + " is connected by OAuth, and its tokens do not leave this service."
            : found.name()
                + " has no OAuth client (has_client is false): put a token in settings.config.");
  }

  private InstallationView update(
      ProfileSlug profile, String name, @Nullable InstallationRequest wanted, boolean replace)
      throws InterruptedException {
    return installations.update(caller.get(), profile, name, wanted, replace);
  }
}
