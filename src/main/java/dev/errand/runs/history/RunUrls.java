package dev.errand.runs.history;

import dev.errand.base.http.Paging;
import dev.errand.base.http.PublicUrl;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.page.PagePaths;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.runs.queue.Run;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Builds the absolute URLs of runs, and of where somebody decides what they wait for, for the
 * answer to a request. They name the owner of a profile also where the request has {@code ~}, so
 * that they lead everybody to the same.
 */
@Singleton
public class RunUrls {
  /** The path of an approval in the API. */
  public static final String APPROVAL = "/api/profiles/{user}/{profile}/approvals/{approval}";

  /** The path of a run in the API. */
  public static final String RUN = "/api/profiles/{user}/{profile}/tasks/{task}/runs/{run}";

  private static final String OLDER_RUN = "/api/runs/{user}/{profile}/{task}/{run}";

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

  /** The URL of a run. */
  public URI of(ProfileSlug profile, String task, String run) {
    return ofNamed(profile.named(caller.get()), task, run);
  }

  /**
   * The URL of a run for a request that has no caller.
   *
   * @param profile the profile by the name of its owner
   */
  public URI ofNamed(ProfileSlug profile, String task, String run) {
    return base.resolve(RUN, request::getBaseUri, profile.user(), profile.name(), task, run);
  }

  /** The URLs of a run. */
  public RunLinks linksOf(ProfileSlug profile, String task, Run run) {
    ProfileSlug named = profile.named(caller.get());
    return new RunLinks(
        ofNamed(named, task, run.name()).toString(),
        ofDecision(request.getBaseUri().toString(), named, run));
  }

  /** The URL of the page of an approval. */
  public URI ofApprovalPage(ProfileSlug profile, UUID approval) {
    ProfileSlug named = profile.named(caller.get());
    return base.resolve(
        PagePaths.approval(PagePaths.home(named.user(), named.name()), approval.toString()),
        request::getBaseUri);
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
    return base.resolve(page, otherwise).toString();
  }

  /** The URL of a run in the second generation of the API, which webhook senders use, too. */
  public URI secondGeneration(ProfileSlug profile, String task, String run) {
    return base.resolve(OLDER_RUN, request::getBaseUri, profile.user(), profile.name(), task, run);
  }

  /**
   * The URL of the next page of the list that was requested.
   *
   * @param cursor where the next page begins; the other parameters of the request stay
   */
  public URI next(String cursor) {
    return paging.next(request, cursor);
  }
}
