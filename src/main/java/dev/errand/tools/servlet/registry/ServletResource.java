package dev.errand.tools.servlet.registry;

import dev.errand.base.http.Paging;
import dev.errand.base.http.Paging.Listed;
import dev.errand.base.http.Paging.Part;
import dev.errand.base.http.QueryErrors;
import dev.errand.base.http.QueryNumber;
import dev.errand.base.http.ReadsQuery;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.tools.servlet.registry.ServletService.Publishing;
import dev.errand.tools.servlet.registry.ServletService.ServletPage;
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
import java.util.List;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** REST operations on the registry: publish, search, get, yank. */
@Path("/api/servlets")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ServletResource {
  private static final int MOST_LISTED = 100;
  private final CurrentCaller caller;
  private final ServletService servlets;
  private final Paging paging;
  private final QueryErrors query;

  ServletResource(CurrentCaller caller, ServletService servlets, Paging paging, QueryErrors query) {
    this.caller = caller;
    this.servlets = servlets;
    this.paging = paging;
    this.query = query;
  }

  /** The public servlets and the caller's own that match {@code q}. */
  @GET
  @ReadsQuery
  public RestResponse<List<ServletSummary>> search(
      @RestQuery @DefaultValue("") String q,
      @RestQuery @DefaultValue("100") String limit,
      @RestQuery @DefaultValue("0") String offset,
      @Context UriInfo uri) {
    int most =
        query.collected().read(() -> QueryNumber.of("limit", limit, 1, MOST_LISTED), MOST_LISTED);
    int first =
        query.collected().last(() -> QueryNumber.of("offset", offset, 0, Integer.MAX_VALUE));
    Listed<ServletSummary> found = servlets.search(caller.get(), q, most, first);
    RestResponse.ResponseBuilder<List<ServletSummary>> answer =
        RestResponse.ResponseBuilder.ok(found.items());
    return found.hasMore()
        ? answer
            .link(paging.next(uri, "offset", String.valueOf(first + found.items().size())), "next")
            .build()
        : answer.build();
  }

  /**
   * One servlet with its versions. Where there are more, the {@code Link} header has the address of
   * the next ones.
   */
  @GET
  @Path("{owner}/{name}")
  @ReadsQuery
  public RestResponse<ServletView> get(
      @RestPath String owner,
      @RestPath String name,
      @RestQuery @Nullable String limit,
      @RestQuery(Paging.CURSOR) @Nullable String cursor,
      @Context UriInfo uri) {
    Part part = query.collected().read(() -> Part.of(limit, cursor), Part.FIRST);
    int before =
        query
            .collected()
            .last(
                () ->
                    part.after().isEmpty()
                        ? Integer.MAX_VALUE
                        : QueryNumber.of(Paging.CURSOR, part.after(), 1, Integer.MAX_VALUE));
    ServletPage page = servlets.get(caller.get(), owner, name, before, part.limit());
    RestResponse.ResponseBuilder<ServletView> answer =
        RestResponse.ResponseBuilder.ok(page.servlet());
    return page.before() == null
        ? answer.build()
        : answer
            .link(paging.next(uri, Paging.cursorAfter(String.valueOf(page.before()))), "next")
            .build();
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
      byte @Nullable [] wasm)
      throws InterruptedException {
    byte[] bytes = wasm == null ? new byte[0] : wasm;
    Publishing published =
        servlets.publish(
            caller.get(),
            new Publication(
                owner, name, description, visibility, listed(domains), listed(config), bytes),
            address);
    return RestResponse.status(
        published.created() ? RestResponse.Status.CREATED : RestResponse.Status.OK,
        published.servlet());
  }

  /**
   * Yanks a version: no installation gets it any more, those pinned to it keep it, and those that
   * follow the newest go back to the version before.
   */
  @POST
  @Path("{owner}/{name}/versions/{address}/yank")
  public ServletView yank(@RestPath String owner, @RestPath String name, @RestPath String address) {
    return servlets.yank(caller.get(), owner, name, address, true);
  }

  /** Takes a yank back. */
  @DELETE
  @Path("{owner}/{name}/versions/{address}/yank")
  public ServletView unyank(
      @RestPath String owner, @RestPath String name, @RestPath String address) {
    return servlets.yank(caller.get(), owner, name, address, false);
  }

  private static @Nullable List<String> listed(@Nullable String commas) {
    return commas == null
        ? null
        : Stream.of(commas.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }
}
