package dev.errand.runs.history;

import dev.errand.base.http.Paging;
import dev.errand.base.http.PublicUrl;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.page.PagePaths;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.runs.queue.Run;
import dev.errand.tools.mcp.oauth.ConnectLink;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Builds absolute URLs of runs, of their triggers and of the pages of a list. They name the owner
 * of a profile also where the request has {@code ~}, so that they lead everybody to the same.
 */
@Singleton
public class RunUrls {
  private static final String APPROVAL = "/api/profiles/{user}/{profile}/approvals/{approval}";
  private static final String RUN = "/api/profiles/{user}/{profile}/tasks/{task}/runs/{run}";

  private final PublicUrl base;
  private final Paging paging;
  private final CurrentCaller caller;
  // Of the current request.
  private final UriInfo request;

  RunUrls(PublicUrl base, Paging paging, CurrentCaller caller, UriInfo request) {
    this.base = base;
    this.paging = paging;
    this.caller = caller;
    this.request = request;
  }

  /** The URL of a run for the answer to a request. */
  public URI of(ProfileSlug profile, String task, String run) {
    ProfileSlug named = profile.named(caller.get());
    return build(base.orElse(request::getBaseUri), RUN, named.user(), named.name(), task, run);
  }

  /**
   * The URL of a run for the answer to a request that has no caller.
   *
   * @param profile the profile by the name of its owner
   */
  public URI ofNamed(ProfileSlug profile, String task, String run) {
    return build(base.orElse(request::getBaseUri), RUN, profile.user(), profile.name(), task, run);
  }

  /** The URLs of a run for the answer to a request. */
  public RunLinks linksOf(ProfileSlug profile, String task, Run run) {
    ProfileSlug named = profile.named(caller.get());
    URI under = base.orElse(request::getBaseUri);
    return new RunLinks(
        build(under, RUN, named.user(), named.name(), task, run.name()).toString(),
        ofDecision(under.toString(), named, run));
  }

  /** The URL of the page of an approval, for the answer to a request. */
  public URI ofApprovalPage(ProfileSlug profile, UUID approval) {
    ProfileSlug named = profile.named(caller.get());
    return ofPage(
        request.getBaseUri().toString(),
        PagePaths.approval(PagePaths.home(named.user(), named.name()), approval.toString()));
  }

  /**
   * The URL of a run outside a request.
   *
   * @param otherwise the base where no public one is configured; null makes the URL relative
   */
  public URI of(@Nullable String otherwise, String user, String profile, String task, String run) {
    return build(under(otherwise), RUN, user, profile, task, run);
  }

  /**
   * The URL of an approval outside a request.
   *
   * @param otherwise the base where no public one is configured; null makes the URL relative
   */
  public URI ofApproval(@Nullable String otherwise, String user, String profile, String approval) {
    return build(under(otherwise), APPROVAL, user, profile, approval);
  }

  /**
   * The URL of a page of the console, outside a request.
   *
   * @param otherwise the base where no public one is configured; null makes the URL relative
   * @param page its address below the base, as {@link PagePaths} builds it
   */
  public URI ofPage(@Nullable String otherwise, String page) {
    return build(under(otherwise), page);
  }

  /**
   * The URL of the page where a person decides what a run waits for; null where it waits for
   * nobody.
   *
   * @param profile the profile by the name of its owner
   * @param otherwise the base where no public one is configured; null makes the URL relative
   */
  public @Nullable String ofDecision(@Nullable String otherwise, ProfileSlug profile, Run run) {
    Run.WaitsForApproval waits = run.waits();
    if (waits == null) {
      return null;
    }
    String home = PagePaths.home(profile.user(), profile.name());
    String page =
        waits.approvals().size() == 1
            ? PagePaths.approval(home, waits.approvals().getFirst().toString())
            : PagePaths.approvals(home);
    return ofPage(otherwise, page).toString();
  }

  private URI under(@Nullable String otherwise) {
    return base.orElse(() -> URI.create(otherwise == null ? "" : otherwise));
  }

  /**
   * The URL at which a person connects an installed remote server, outside a request.
   *
   * @param otherwise the base where no public one is configured; null makes the URL relative
   */
  public URI ofConnection(
      @Nullable String otherwise, String user, String profile, String installation) {
    return URI.create(
        under(otherwise).toString().replaceFirst("/$", "")
            + ConnectLink.path(user, profile, installation));
  }

  /** The URL of a run in the second generation of the API, which webhook senders use, too. */
  public URI secondGeneration(ProfileSlug profile, String task, String run) {
    return absolute(
        request.getBaseUri(),
        "/api/runs/{user}/{profile}/{task}/{run}",
        profile.user(),
        profile.name(),
        task,
        run);
  }

  /**
   * A URL under the public base.
   *
   * @param path a path template with a name in braces for each segment
   */
  public URI absolute(URI otherwise, String path, String... segments) {
    return build(base.orElse(() -> otherwise), path, segments);
  }

  // A URI builder would take longer than the rest of a request apart from its SQL.
  private static URI build(URI under, String path, String... segments) {
    String start = under.toString();
    StringBuilder url = new StringBuilder(start);
    if (start.endsWith("/")) {
      url.setLength(start.length() - 1);
    }
    int from = 0;
    for (String segment : segments) {
      int name = path.indexOf('{', from);
      url.append(path, from, name).append(segment(segment));
      from = path.indexOf('}', name) + 1;
    }
    return URI.create(url.append(path, from, path.length()).toString());
  }

  /**
   * The URL of the next page of the list that was requested.
   *
   * @param cursor where the next page begins; the other parameters of the request stay
   */
  public URI next(String cursor) {
    return paging.next(request, cursor);
  }

  // A URI builder does not escape a semicolon, and a server would parse what follows it as a
  // parameter.
  private static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20").replace("%7E", "~");
  }
}
