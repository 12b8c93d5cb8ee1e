package dev.errand.adapters.console.page;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.Precondition;
import dev.errand.identity.account.Caller;
import dev.errand.identity.auth.RequestLimits;
import dev.errand.identity.page.FormTickets;
import dev.errand.identity.page.HtmlPages;
import dev.errand.identity.page.PageAssets;
import dev.errand.identity.page.PageFrame;
import dev.errand.identity.page.SignedInUser;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.approval.ApprovalService;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.HttpMethod;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.UriInfo;
import java.util.Set;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Checks requests for pages of the console, and builds the answers. */
@ApplicationScoped
public class Console {
  /** Where the console is, relative to the base of the service. */
  public static final String PATH = "console";

  // The pom has the same versions.
  private static final String HTMX = "/webjars/htmx.org/2.0.10/dist/htmx.min.js";
  private static final String SSE = "/webjars/htmx-ext-sse/2.2.2/sse.js";
  private static final String PLOTS = "/webjars/uplot/1.6.30/dist/uPlot.iife.min.js";

  private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private final SignedInUser users;
  private final ProfileAccess access;
  private final FormTickets tickets;
  private final HtmlPages pages;
  private final RequestLimits limits;
  private final CurrentVertxRequest http;
  private final ApprovalService approvals;
  private final Precondition precondition;

  Console(
      SignedInUser users,
      ProfileAccess access,
      FormTickets tickets,
      HtmlPages pages,
      RequestLimits limits,
      CurrentVertxRequest http,
      ApprovalService approvals,
      Precondition precondition) {
    this.users = users;
    this.access = access;
    this.tickets = tickets;
    this.pages = pages;
    this.limits = limits;
    this.http = http;
    this.approvals = approvals;
    this.precondition = precondition;
  }

  /** Expects that what a form changes is as its page showed it. */
  void expect(@Nullable String tag) {
    precondition.expect(tag);
  }

  /**
   * The user who has sent the current request.
   *
   * @param ticket the ticket of the form; null without a form or a ticket
   * @throws ApiException {@link ErrorCode#UNAUTHENTICATED}, or {@link ErrorCode#FORBIDDEN} where
   *     the request does more than read, and the ticket is not valid
   */
  SignedInUser.UserSession user(@Nullable String ticket) {
    SignedInUser.UserSession user = users.require();
    if (!isReading()) {
      tickets.checkOwn(ticket, user.credential());
    }
    limits.count(user.caller(), http.getCurrent().response());
    return user;
  }

  /**
   * The profile of the current request.
   *
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND}
   */
  ProfileAccess.Seen profile(Caller caller, ProfileSlug slug) {
    ProfileAccess.Seen seen = access.requireSeen(caller, slug, Right.SEE);
    if (isReading()) {
      access.keep(caller, seen);
    }
    return seen;
  }

  /** How many tool calls of a profile wait for a person, up to a number. */
  int waiting(Caller caller, ProfileSlug slug, int most) {
    return approvals.open(caller, slug, most);
  }

  /** Whether the browser takes only a part of the page that answers. */
  boolean isPart() {
    return http.getCurrent().request().getHeader("HX-Request") != null;
  }

  private boolean isReading() {
    return READING.contains(http.getCurrent().request().method());
  }

  /** A ticket for the forms of a page. */
  String ticket(SignedInUser.UserSession user) {
    return tickets.makeOwn(user.credential());
  }

  String base() {
    return pages.base();
  }

  /** The frame of a page, with or without plots. */
  PageFrame frame(boolean hasPlots) {
    return hasPlots
        ? pages.frame(HTMX, PageAssets.CONSOLE, PLOTS, PageAssets.USAGE)
        : pages.frame(HTMX, SSE, PageAssets.CONSOLE);
  }

  /** A page, as an answer. */
  RestResponse<String> answer(int status, PageFrame frame, TemplateInstance page) {
    return pages.answer(status, frame, page.render()).build();
  }

  /** Redirects the browser to an address in a page of the console. */
  RestResponse<String> redirect(String address, UriInfo request) {
    return pages.redirect(address.substring(pages.base().length() + 1), request).build();
  }
}
