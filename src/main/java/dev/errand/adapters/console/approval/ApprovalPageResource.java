package dev.errand.adapters.console.approval;

import dev.errand.adapters.console.approval.ApprovalPageView.Typed;
import dev.errand.adapters.console.page.Amounts;
import dev.errand.adapters.console.page.ApprovalLine;
import dev.errand.adapters.console.page.ListFilter;
import dev.errand.adapters.console.page.PageRequest;
import dev.errand.adapters.console.page.Refusal;
import dev.errand.adapters.console.page.SentForm;
import dev.errand.adapters.console.run.EntryView;
import dev.errand.adapters.console.run.NewestEntries;
import dev.errand.base.database.DatabaseTime;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Json;
import dev.errand.base.json.PrettyJson;
import dev.errand.base.limit.BoundedPages.Page;
import dev.errand.base.limit.JsonWeight;
import dev.errand.base.limit.ReadBudget.Held;
import dev.errand.base.limit.RequestMemory;
import dev.errand.runs.approval.ApprovalService;
import dev.errand.runs.approval.ApprovalStatus;
import dev.errand.runs.approval.FoundApproval;
import dev.errand.runs.approval.StoredApproval;
import dev.errand.runs.history.RunCursor;
import dev.errand.runs.lifecycle.RunService;
import dev.errand.tools.mcp.wire.VisibleText;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * The pages of tool calls that wait for a person: their list, and each with the form that decides.
 * Only a form decides: what opens the links of a message opens them by GET.
 */
@Path("/console/{user}/{profile}/approvals")
@Produces(MediaType.TEXT_HTML)
@RunOnVirtualThread
public class ApprovalPageResource {
  private static final String CURRENT = "approvals";
  private static final int LINES = 50;
  private static final int ENTRIES = 4;
  private static final int LONGEST_PRETTY = 256 * 1024;
  // Memory is held for what the indentation adds, which of JSON that is nested deeply is nine times
  // its own length: that stays on one line, too.
  private static final int LONGEST_INDENTED = 2 * LONGEST_PRETTY;
  // What is written out, and its bytes.
  private static final int COPIES = 2;

  private final ApprovalService approvals;
  private final RunService runs;
  private final NewestEntries entries;
  private final RequestMemory memory;
  private final Json json;
  private final Clock clock;

  ApprovalPageResource(
      ApprovalService approvals,
      RunService runs,
      NewestEntries entries,
      RequestMemory memory,
      Json json,
      @DatabaseTime Clock clock) {
    this.approvals = approvals;
    this.runs = runs;
    this.entries = entries;
    this.memory = memory;
    this.json = json;
    this.clock = clock;
  }

  /** Those that wait, what expires soonest first, or those with another status. */
  @GET
  public RestResponse<String> list(PageRequest page, @RestQuery @Nullable String cursor) {
    ListFilter filter = ListFilter.of(page, ApprovalListView.STATUS, ApprovalListView.RUN);
    Page<FoundApproval, Long> found = new Page<>(List.of(), null);
    String message = null;
    try {
      found = selected(page, filter, cursor);
    } catch (ApiException e) {
      if (e.code() != ErrorCode.INVALID_INPUT) {
        throw e;
      }
      message = Refusal.of(e);
    }
    String address = page.home() + "/approvals";
    Long next = found.next();
    ApprovalListView view =
        new ApprovalListView(
            filter,
            found.items().stream().map(one -> new ApprovalLine(one, page.home())).toList(),
            next == null ? null : address + filter.query(RunCursor.after(next)),
            cursor == null && message == null ? address + filter.query("") : null,
            message);
    return page.answer(
        message == null ? 200 : ErrorCode.INVALID_INPUT.status(),
        CURRENT,
        ApprovalTemplates.approvals(view));
  }

  private Page<FoundApproval, Long> selected(
      PageRequest page, ListFilter filter, @Nullable String cursor) {
    String status = filter.get(ApprovalListView.STATUS);
    String run = filter.get(ApprovalListView.RUN);
    return approvals.listBriefly(
        page.caller(),
        page.profile(),
        switch (status) {
          case "" -> ApprovalStatus.OPEN.code();
          case ApprovalListView.ANY -> null;
          default -> status;
        },
        run.isEmpty() ? null : run,
        cursor == null ? Long.MAX_VALUE : RunCursor.of(cursor),
        LINES);
  }

  /** The page of one. */
  @GET
  @Path("{approval}")
  public RestResponse<String> get(PageRequest page, @RestPath String approval) {
    FoundApproval found = found(page, approval);
    return shown(200, page, found, ApprovalForm.of(found, json), null);
  }

  /**
   * All arguments of one as a text, with hidden characters written out. Very long ones are on one
   * line, as the model wrote them: a tree of them, or their indentation, could take too much
   * memory.
   */
  @GET
  @Path("{approval}/arguments")
  public RestResponse<byte[]> arguments(PageRequest page, @RestPath String approval) {
    String arguments =
        approvals.get(page.caller(), page.profile(), approval, true).approval().arguments();
    Held held = memory.open(page.caller().username());
    held.hold((long) COPIES * arguments.length());
    if (arguments.length() <= LONGEST_PRETTY) {
      held.holdHeap(JsonWeight.of(arguments));
      String indented = PrettyJson.of(json.tree(arguments), LONGEST_INDENTED);
      if (indented.length() <= LONGEST_INDENTED) {
        held.hold((long) COPIES * Math.max(0, indented.length() - arguments.length()));
        arguments = indented;
      }
    }
    return PageRequest.file(
        "text/plain;charset=UTF-8", VisibleText.ofJson(arguments).getBytes(StandardCharsets.UTF_8));
  }

  /** Decides; if that is refused, the page says why, and what was typed is kept. */
  @POST
  @Path("{approval}")
  public RestResponse<String> decide(PageRequest page, @RestPath String approval) {
    FoundApproval found = found(page, approval);
    page.requireApprover();
    ApprovalForm form = new ApprovalForm(page.form(), "", null);
    try {
      approvals.decide(page.caller(), page.profile(), approval, form.request(found, json));
    } catch (ApiException e) {
      return shown(e.code().status(), page, found(page, approval), form.refused(e), Refusal.of(e));
    }
    ApprovalLine line = new ApprovalLine(found, page.home());
    return page.redirect(page.form().has("from_run") ? line.runAddress() : line.address());
  }

  private FoundApproval found(PageRequest page, String approval) {
    return approvals.get(page.caller(), page.profile(), approval, false);
  }

  private RestResponse<String> shown(
      int status,
      PageRequest page,
      FoundApproval found,
      ApprovalForm form,
      @Nullable String message) {
    ApprovalLine line = new ApprovalLine(found, page.home());
    StoredApproval approval = found.approval();
    String given = approval.given();
    boolean isAsked = line.isOpen() && page.mayApprove();
    ApprovalPageView view =
        new ApprovalPageView(
            line,
            approvals
                .definition(approval)
                .map(tool -> VisibleText.of(tool.description()))
                .filter(text -> !text.isBlank())
                .orElse(null),
            line.isOpen() ? left(approval) : "",
            arguments(approval.arguments(), approval.argumentsBytes()),
            given != null && approval.status() == ApprovalStatus.EDITED
                ? arguments(given, approval.givenBytes())
                : null,
            given != null && approval.status() == ApprovalStatus.ANSWERED
                ? VisibleText.of(approval.givenBytes() == null ? given : given + "…")
                : null,
            line.isOpen() ? lastSteps(page, found, line) : List.of(),
            isAsked ? form : null,
            isAsked ? null : message,
            isAsked || message == null ? List.of() : typed(form.sent()));
    return page.answer(status, CURRENT, ApprovalTemplates.approval(view));
  }

  private ShownArguments arguments(String text, @Nullable Integer bytes) {
    return bytes == null ? ShownArguments.of(json.tree(text)) : ShownArguments.ofPart(text);
  }

  private String left(StoredApproval approval) {
    Duration left = Duration.between(clock.instant(), approval.expiresAt());
    return left.isNegative() ? "none" : Amounts.duration(left);
  }

  private List<EntryView> lastSteps(PageRequest page, FoundApproval found, ApprovalLine line) {
    return entries.of(
        runs.getBriefly(page.caller(), page.profile(), found.task(), found.run()),
        ENTRIES,
        line.runAddress());
  }

  private static List<Typed> typed(SentForm sent) {
    return Stream.of("reason", ApprovalForm.ARGUMENTS, "result")
        .filter(name -> !sent.text(name).isEmpty())
        .map(name -> new Typed(name, sent.text(name)))
        .toList();
  }
}
