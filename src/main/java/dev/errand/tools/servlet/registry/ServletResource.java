package dev.errand.tools.servlet.registry;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.Paging;
import dev.errand.base.http.Paging.Page;
import dev.errand.base.http.Paging.Part;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.tools.servlet.abi.InvalidServletException;
import dev.errand.tools.servlet.code.ContentAddress;
import dev.errand.tools.servlet.registry.Registry.Published;
import dev.errand.tools.servlet.registry.Versions.Version;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** The registry: publish, search, look at, yank. */
@Path("/api/servlets")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ServletResource {
  private static final int MOST_LISTED = 100;
  private static final Set<String> PUBLISHED_WITH =
      Set.of("description", "visibility", "domains", "config", "address");

  private final ProfileAccess access;
  private final Registry registry;
  private final Catalogue catalogue;
  private final Versions versions;
  private final Paging paging;

  ServletResource(
      ProfileAccess access,
      Registry registry,
      Catalogue catalogue,
      Versions versions,
      Paging paging) {
    this.paging = paging;
    this.access = access;
    this.registry = registry;
    this.catalogue = catalogue;
    this.versions = versions;
  }

  /** The public servlets and the caller's own, those that have all words of {@code q}. */
  @GET
  public List<ServletSummary> search(
      @RestQuery @DefaultValue("") String q,
      @RestQuery @DefaultValue("100") String limit,
      @RestQuery @DefaultValue("0") String offset,
      @Context UriInfo uri) {
    known(uri, Set.of("q", "limit", "offset"));
    int most = number("limit", limit, 1, MOST_LISTED);
    int first = number("offset", offset, 0, Integer.MAX_VALUE);
    List<String> words = Stream.of(q.split("[\\s\\x00]+")).filter(w -> !w.isEmpty()).toList();
    return catalogue.search(access.username(), words, most, first);
  }

  /**
   * One servlet with its versions. Where there are more, the {@code Link} header has the address of
   * the next ones.
   */
  @GET
  @Path("{owner}/{name}")
  public RestResponse<ServletView> get(
      @RestPath String owner,
      @RestPath String name,
      @RestQuery @Nullable String limit,
      @RestQuery(Paging.CURSOR) @Nullable String cursor,
      @Context UriInfo uri) {
    Part part = Part.of(limit, cursor);
    Servlet servlet = catalogue.require(access.username(), access.username(owner), name);
    int before =
        part.after().isEmpty()
            ? Integer.MAX_VALUE
            : number(Paging.CURSOR, part.after(), 1, Integer.MAX_VALUE);
    Page<Version> page =
        paging.page(
            uri,
            part,
            versions.some(servlet.id, before, part.read()),
            version -> String.valueOf(version.number()));
    return page.linked(RestResponse.ResponseBuilder.ok(view(servlet, page.items()))).build();
  }

  /** Publishes the bytes of the body as the newest version. */
  @PUT
  @Path("{owner}/{name}")
  @Consumes({"application/wasm", MediaType.APPLICATION_OCTET_STREAM})
  public RestResponse<ServletView> publish(
      @RestPath String owner,
      @RestPath String name,
      @RestQuery @Nullable String description,
      @RestQuery @Nullable String visibility,
      @RestQuery @Nullable String domains,
      @RestQuery @Nullable String config,
      @RestQuery @Nullable String address,
      @Context UriInfo uri,
      byte @Nullable [] wasm)
      throws InterruptedException {
    known(uri, PUBLISHED_WITH);
    String username = ownerThatMayPublish(owner);
    byte[] bytes = wasm == null ? new byte[0] : wasm;
    if (address != null && !address.equals(ContentAddress.of(bytes).hex())) {
      throw ApiException.invalid(
          "address",
          "is not the SHA-256 of the body, which is "
              + ContentAddress.of(bytes)
              + " over "
              + bytes.length
              + " bytes");
    }
    try {
      Published published =
          registry.publish(
              new Publication(
                  username, name, description, visibility, listed(domains), listed(config), bytes));
      return RestResponse.status(
          published.created() ? RestResponse.Status.CREATED : RestResponse.Status.OK,
          view(published.servlet()));
    } catch (InvalidServletException e) {
      throw new ApiException(ErrorCode.INVALID_SERVLET, String.valueOf(e.getMessage()));
    }
  }

  /**
   * Yanks a version: nothing gets it anew, what is pinned to it keeps it, and what follows the
   * newest goes back to the one before.
   */
  @POST
  @Path("{owner}/{name}/versions/{address}/yank")
  public ServletView yank(@RestPath String owner, @RestPath String name, @RestPath String address) {
    return yank(owner, name, address, true);
  }

  /** Takes a yank back. */
  @DELETE
  @Path("{owner}/{name}/versions/{address}/yank")
  public ServletView unyank(
      @RestPath String owner, @RestPath String name, @RestPath String address) {
    return yank(owner, name, address, false);
  }

  private ServletView yank(String owner, String name, String address, boolean yanked) {
    Servlet servlet = catalogue.require(access.username(), access.username(owner), name);
    ownerThatMayPublish(owner);
    boolean done =
        ContentAddress.parse(address)
            .filter(parsed -> registry.yank(servlet, parsed, yanked))
            .isPresent();
    if (!done) {
      throw new ApiException(
          ErrorCode.VERSION_NOT_FOUND,
          servlet.slug() + " has no version with the address " + address + ".");
    }
    return view(catalogue.require(access.username(), servlet.owner, servlet.name));
  }

  private String ownerThatMayPublish(String owner) {
    String username = access.username();
    if (owner.equals(Servlet.BUNDLED)) {
      throw new ApiException(
          ErrorCode.FORBIDDEN,
          "The owner " + Servlet.BUNDLED + " is kept for the servlets that come with the service.");
    }
    if (!access.username(owner).equals(username)) {
      throw new ApiException(
          ErrorCode.FORBIDDEN, "You may change servlets as " + username + "/… alone.");
    }
    return username;
  }

  /** A misspelt parameter would otherwise be one that is silently left out. */
  private static void known(UriInfo uri, Set<String> names) {
    for (String name : uri.getQueryParameters().keySet()) {
      if (!names.contains(name)) {
        throw ApiException.invalid(
            name,
            "is not a known parameter; known here: " + String.join(", ", new TreeSet<>(names)));
      }
    }
  }

  private static int number(String field, String text, int least, int most) {
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw ApiException.invalid(field, "must be a number of " + least + " to " + most);
  }

  private static @Nullable List<String> listed(@Nullable String commas) {
    return commas == null
        ? null
        : Stream.of(commas.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  private ServletView view(Servlet servlet) {
    return view(servlet, versions.some(servlet.id, Integer.MAX_VALUE, Paging.MOST));
  }

  private ServletView view(Servlet servlet, List<Version> shown) {
    Optional<ContentAddress> newest = versions.newest(servlet.id);
    return new ServletView(
        servlet.slug(),
        servlet.description,
        servlet.visibility,
        newest.map(ContentAddress::hex).orElse(null),
        ServletSummary.Meta.of(
            servlet,
            newest.map(versions::tools).orElse("[]"),
            newest.map(ContentAddress::hex).orElse(null)),
        shown.stream().map(this::view).toList(),
        servlet.createdAt,
        servlet.modifiedAt);
  }

  private VersionView view(Version version) {
    return new VersionView(
        version.address(),
        version.createdAt(),
        version.yankedAt() != null,
        version.size(),
        registry.execution(version).text(),
        version.tools());
  }

  @RegisterForReflection
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record ServletView(
      String slug,
      String description,
      String visibility,
      @Nullable String address,
      ServletSummary.Meta meta,
      List<VersionView> versions,
      Instant createdAt,
      Instant modifiedAt) {}

  @RegisterForReflection
  public record VersionView(
      String address,
      Instant createdAt,
      boolean yanked,
      int size,
      String engine,
      @JsonRawValue String tools) {}
}
