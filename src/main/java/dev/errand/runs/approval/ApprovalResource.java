package dev.errand.runs.approval;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.http.Paging;
import dev.errand.base.http.QueryErrors;
import dev.errand.base.http.QueryNumber;
import dev.errand.base.http.QueryWords;
import dev.errand.base.http.ReadsQuery;
import dev.errand.base.limit.BoundedPages.Page;
import dev.errand.identity.account.CurrentCaller;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.runs.history.RunCursor;
import dev.errand.runs.history.RunUrls;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Set;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** REST operations on the tool calls of a profile that wait for a person: list, get, decide. */
@Path("/api/profiles/{user}/{profile}/approvals")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ApprovalResource {
  private static final int DEFAULT_LIMIT = 50;
  private static final int LARGEST_LIMIT = 200;
  private static final String ARGUMENTS = "arguments";

  private final CurrentCaller caller;
  private final ApprovalService approvals;
  private final RunUrls urls;
  private final QueryErrors query;

  ApprovalResource(
      CurrentCaller caller, ApprovalService approvals, RunUrls urls, QueryErrors query) {
    this.caller = caller;
    this.approvals = approvals;
    this.urls = urls;
    this.query = query;
  }

  /**
   * Lists approvals, the newest first; open ones in the order in which they expire. If there are
   * more, the {@code Link} header has the address of the next page.
   *
   * @param include {@code arguments} for whole arguments and results
   */
  @GET
  @ReadsQuery
  public RestResponse<List<ApprovalView>> list(
      @BeanParam ProfileSlug profile,
      @RestQuery @Nullable String status,
      @RestQuery @Nullable String run,
      @RestQuery @Nullable String include,
      @RestQuery @Nullable String limit,
      @RestQuery(Paging.CURSOR) @Nullable String cursor) {
    InvalidFields wrong = query.collected();
    wrong.add(() -> ApprovalService.status(status));
    long before =
        cursor == null ? Long.MAX_VALUE : wrong.read(() -> RunCursor.of(cursor), Long.MAX_VALUE);
    int most =
        limit == null
            ? DEFAULT_LIMIT
            : wrong.read(() -> QueryNumber.of("limit", limit, 1, LARGEST_LIMIT), DEFAULT_LIMIT);
    Set<String> included = wrong.last(() -> QueryWords.of("include", include, ARGUMENTS));
    Page<FoundApproval, Long> page =
        approvals.list(
            caller.get(), profile, status, run, before, most, included.contains(ARGUMENTS));
    RestResponse.ResponseBuilder<List<ApprovalView>> answer =
        RestResponse.ResponseBuilder.ok(
            page.items().stream().map(found -> view(profile, found)).toList());
    Long next = page.next();
    return next == null
        ? answer.build()
        : answer.link(urls.next(RunCursor.after(next)), "next").build();
  }

  @GET
  @Path("{approval}")
  public ApprovalView get(@BeanParam ProfileSlug profile, @RestPath String approval) {
    return view(profile, approvals.get(caller.get(), profile, approval, true));
  }

  /** Decides about a tool call. */
  @POST
  @Path("{approval}")
  public ApprovalView decide(
      @BeanParam ProfileSlug profile,
      @RestPath String approval,
      @Nullable ApprovalRequest decision) {
    if (decision == null) {
      throw ApiException.invalid("body", "is required: an object with a decision");
    }
    return view(profile, approvals.decide(caller.get(), profile, approval, decision));
  }

  private ApprovalView view(ProfileSlug profile, FoundApproval found) {
    return ApprovalView.of(found, urls.ofApprovalPage(profile, found.approval().id()).toString());
  }
}
