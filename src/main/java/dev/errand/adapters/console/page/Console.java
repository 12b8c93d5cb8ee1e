package dev.errand.adapters.console.page;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import dev.errand.identity.auth.RequestLimits;
import dev.errand.identity.page.FormTickets;
import dev.errand.identity.page.HtmlPages;
import dev.errand.identity.page.PageAssets;
import dev.errand.identity.page.PageFrame;
import dev.errand.identity.page.SignedInUser;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;
import java.util.Comparator;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** Checks who may see a page of the console, and builds the answers. */
@ApplicationScoped
public class Console {
  /** Where the console is, relative to the base of the service. */
  public static final String PATH = "console";

  // Without versions, which the pom determines.
  private static final String HTMX = "/webjars/htmx.org/2.0.10/dist/htmx.min.js";
  private static final String SSE = "/webjars/htmx-ext-sse/2.2.2/sse.js";

  private static final String PLOTS = "/webjars/uplot/1.6.30/dist/uPlot.iife.min.js";

  private final SignedInUser users;
  private final ProfileAccess access;
  private final FormTickets tickets;
  private final HtmlPages pages;
  private final RequestLimits limits;
  private final CurrentVertxRequest http;

  Console(
      SignedInUser users,
      ProfileAccess access,
      FormTickets tickets,
      HtmlPages pages,
      RequestLimits limits,
      CurrentVertxRequest http) {
    this.users = users;
    this.access = access;
    this.tickets = tickets;
    this.pages = pages;
    this.limits = limits;
    this.http = http;
  }

  /**
   * Opens a page of a profile.
   *
   * @param current the part of the navigation that the page belongs to
   * @throws ApiException {@link ErrorCode#UNAUTHENTICATED} where nobody is signed in, or {@link
   *     ErrorCode#PROFILE_NOT_FOUND}
   */
  public PageRequest visit(String user, String profile, String current) {
    return visit(user, profile, current, true);
  }

  private PageRequest visit(String user, String profile, String current, boolean isOnlyRead) {
    SignedInUser.UserSession found = users.require();
    Caller caller = found.caller();
    limits.count(caller, http.getCurrent().response());
    ProfileAccess.Seen seen = access.requireSeen(caller, new ProfileSlug(user, profile), Right.SEE);
    if (isOnlyRead) {
      access.keep(caller, seen);
    }
    ProfileSlug slug = seen.profile().slug();
    PageFrame frame = pages.frame(HTMX, SSE, PageAssets.CONSOLE);
    ConsoleLayout layout =
        new ConsoleLayout(
            frame,
            caller.username(),
            slug.toString(),
            frame.base() + "/" + PATH + "/" + slug,
            current,
            tickets.makeOwn(found.credential()),
            Right.RUN.isOf(caller, seen.role()),
            Right.EDIT.isOf(caller, seen.role()),
            Right.OWN.isOf(caller, seen.role()),
            caller.rights().scopes().contains(Scope.ADMIN));
    return new PageRequest(caller, slug, seen.profile().id(), layout);
  }

  /** The visit of a page with plots. */
  public PageRequest withPlots(PageRequest visit) {
    PageFrame frame = pages.frame(HTMX, PageAssets.CONSOLE, PLOTS, PageAssets.USAGE);
    return new PageRequest(
        visit.caller(), visit.profile(), visit.profileId(), visit.layout().in(frame));
  }

  /**
   * Opens a page of a profile for a submitted form.
   *
   * @param ticket the ticket that came with it
   * @throws ApiException as {@link #visit} does, or {@link ErrorCode#FORBIDDEN} where the form was
   *     not made by this service for this session, or too long ago
   */
  public PageRequest change(String user, String profile, String current, @Nullable String ticket) {
    tickets.checkOwn(ticket, users.require().credential());
    return visit(user, profile, current, false);
  }

  /**
   * The path of the home of the user's profile named {@value Profile#DEFAULT}, or else of the first
   * one.
   *
   * @return relative to the base of the service
   * @throws ApiException {@link ErrorCode#UNAUTHENTICATED}, or {@link ErrorCode#PROFILE_NOT_FOUND}
   *     where the user has no profile
   */
  public String homePath() {
    Caller caller = users.require().caller();
    ProfileSlug slug =
        access.allOf(caller, caller.username(), Right.SEE).stream()
            .min(
                Comparator.comparing((Profile profile) -> !profile.name().equals(Profile.DEFAULT))
                    .thenComparing(Profile::name))
            .map(Profile::slug)
            .orElseThrow(
                () ->
                    new ApiException(
                        ErrorCode.PROFILE_NOT_FOUND, "You have no profile: create one."));
    return PATH + "/" + slug;
  }

  /** A page, as an answer. */
  public RestResponse<String> answer(PageRequest visit, TemplateInstance page) {
    return answer(200, visit, page);
  }

  /**
   * A page, as an answer.
   *
   * @param status its HTTP status
   */
  public RestResponse<String> answer(int status, PageRequest visit, TemplateInstance page) {
    return pages.answer(status, visit.layout().frame(), page.render()).build();
  }

  /**
   * A file instead of a page: a browser shows or saves it, and runs no scripts in it.
   *
   * @param type its media type
   */
  public RestResponse<byte[]> file(String type, byte[] content) {
    return ResponseBuilder.<byte[]>create(200)
        .entity(content)
        .header(HttpHeaders.CONTENT_TYPE, type)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .header("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
        .header("X-Content-Type-Options", "nosniff")
        .build();
  }

  /**
   * Redirects the browser after a form.
   *
   * @param address an address in a page of the console
   */
  public RestResponse<String> redirect(String address, UriInfo request) {
    String path = address.substring(pages.base().length() + 1);
    return pages.redirect(path, request).build();
  }
}
