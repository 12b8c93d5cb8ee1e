package dev.errand.tools.install;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.HttpDate;
import dev.errand.base.http.Paging;
import dev.errand.base.http.Paging.Page;
import dev.errand.base.http.Paging.Part;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.tools.install.InstallationView.Installs;
import dev.errand.tools.servlet.code.ContentAddress;
import dev.errand.tools.servlet.registry.Catalogue;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.transaction.Transactional;
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
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** What is installed in a profile: list, install, look at, change, uninstall. */
@Path("/api/profiles/{user}/{profile}/installations")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class InstallationResource {
  private final ProfileAccess access;
  private final Installer installer;
  private final Catalogue catalogue;
  private final Paging paging;
  private final Clock clock;

  InstallationResource(
      ProfileAccess access, Installer installer, Catalogue catalogue, Paging paging, Clock clock) {
    this.access = access;
    this.installer = installer;
    this.catalogue = catalogue;
    this.paging = paging;
    this.clock = clock;
  }

  /**
   * What is installed, by name; 304 where the client knows it. Where there is more, the {@code
   * Link} header has the address of what follows.
   */
  @GET
  @Transactional
  public RestResponse<Installs> list(
      @RestPath String user,
      @RestPath String profile,
      @RestQuery @Nullable String limit,
      @RestQuery(Paging.CURSOR) @Nullable String cursor,
      @HeaderParam(HttpHeaders.IF_MODIFIED_SINCE) List<String> lines,
      @Context UriInfo uri) {
    Part part = Part.of(limit, cursor);
    // What lies between hands a field with a comma on as two.
    @Nullable String since = lines.isEmpty() ? null : String.join(",", lines);
    // Before anything is read: what changes from here on is a change since this answer.
    Instant now = clock.instant();
    Profile own = access.own(user, profile);
    LastChange change = lastChange(own);
    RestResponse.ResponseBuilder<Installs> answer =
        change.isKnownSince(since, now)
            ? RestResponse.ResponseBuilder.create(RestResponse.Status.NOT_MODIFIED)
            : listed(own, part, uri);
    return answer
        .header(HttpHeaders.DATE, HttpDate.write(now))
        .header(HttpHeaders.LAST_MODIFIED, change.lastModified(now))
        .header(HttpHeaders.CACHE_CONTROL, "private, no-cache")
        .build();
  }

  private RestResponse.ResponseBuilder<Installs> listed(Profile own, Part part, UriInfo uri) {
    Page<Installation> page =
        paging.page(
            uri,
            part,
            Installation.someOf(own.id, part.after(), part.read()),
            installation -> installation.name);
    return page.linked(
        RestResponse.ResponseBuilder.ok(
            new Installs(page.items().stream().map(this::view).toList())));
  }

  /** Installs a servlet. */
  @POST
  @Transactional
  public RestResponse<InstallationView> install(
      @RestPath String user, @RestPath String profile, @Nullable InstallationRequest wanted) {
    Profile own = access.own(user, profile);
    return RestResponse.status(
        RestResponse.Status.CREATED,
        view(installer.install(own, access.username(), required(wanted))));
  }

  /** One installation. */
  @GET
  @Path("{name}")
  @Transactional
  public InstallationView get(
      @RestPath String user, @RestPath String profile, @RestPath String name) {
    return view(installer.require(access.own(user, profile), name));
  }

  /** Changes what the request names; a config that it names is all of the config. */
  @PUT
  @Path("{name}")
  @Transactional
  public InstallationView put(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String name,
      @Nullable InstallationRequest wanted) {
    return update(user, profile, name, wanted, true);
  }

  /** Changes what the request names, and of the config only the keys that it names. */
  @PATCH
  @Path("{name}")
  @Transactional
  public InstallationView patch(
      @RestPath String user,
      @RestPath String profile,
      @RestPath String name,
      @Nullable InstallationRequest wanted) {
    return update(user, profile, name, wanted, false);
  }

  /** Uninstalls. */
  @DELETE
  @Path("{name}")
  public void delete(@RestPath String user, @RestPath String profile, @RestPath String name) {
    installer.uninstall(access.own(user, profile), name);
  }

  /** What some servlets have elsewhere: a client of their own for OAuth. None has here. */
  @GET
  @Path("{name}/oauth")
  public void oauth(@RestPath String user, @RestPath String profile, @RestPath String name) {
    Installation installation = installer.require(access.own(user, profile), name);
    throw new ApiException(
        ErrorCode.NO_OAUTH,
        installation.name
            + " has no OAuth client (has_client is false): put a token in settings.config.");
  }

  private InstallationView update(
      String user,
      String profile,
      String name,
      @Nullable InstallationRequest wanted,
      boolean replace) {
    Profile own = access.own(user, profile);
    return view(installer.update(own, access.username(), name, required(wanted), replace));
  }

  private static InstallationRequest required(@Nullable InstallationRequest wanted) {
    if (wanted == null) {
      throw ApiException.invalid("body", "is required: {\"servlet_slug\", \"settings\", …}");
    }
    return wanted;
  }

  private InstallationView view(Installation installation) {
    String username = access.username();
    return InstallationView.of(
        installation,
        catalogue.meta(username, installation.servlet, new ContentAddress(installation.address)),
        username);
  }

  private static LastChange lastChange(Profile profile) {
    Uninstallation last = Uninstallation.findById(profile.id);
    Instant before = last == null ? profile.createdAt : last.lastAt;
    return new LastChange(
        Installation.lastChange(profile.id).filter(at -> at.isAfter(before)).orElse(before));
  }
}
