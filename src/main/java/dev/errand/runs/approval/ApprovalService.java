package dev.errand.runs.approval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.database.DatabaseTime;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.json.Coded;
import dev.errand.base.limit.BoundedPages;
import dev.errand.base.limit.BoundedPages.Page;
import dev.errand.base.limit.RequestMemory;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Rights;
import dev.errand.identity.audit.Audit;
import dev.errand.identity.audit.AuditAction;
import dev.errand.identity.profile.Profile;
import dev.errand.identity.profile.ProfileAccess;
import dev.errand.identity.profile.ProfileSlug;
import dev.errand.identity.profile.Right;
import dev.errand.runs.approval.ApprovalRequest.Checked;
import dev.errand.runs.queue.RunControl;
import dev.errand.tools.port.ToolSpec;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lists the questions about tool calls of a profile, and takes decisions. */
@ApplicationScoped
public class ApprovalService {
  private static final String GONE =
      "Nobody has to decide about this call any more: its run has ended, or its tool was removed.";

  // Arguments are read before and after a decision, and are in the audit.
  private static final int COPIES = 6;

  private final ProfileAccess access;
  private final ApprovalStore store;
  private final RunControl control;
  private final EditedArguments arguments;
  private final Audit audit;
  private final Clock clock;
  private final Event<ApprovalDecided> decided;
  private final BoundedPages pages;
  private final RequestMemory memory;

  ApprovalService(
      ProfileAccess access,
      ApprovalStore store,
      RunControl control,
      EditedArguments arguments,
      Audit audit,
      @DatabaseTime Clock clock,
      Event<ApprovalDecided> decided,
      BoundedPages pages,
      RequestMemory memory) {
    this.access = access;
    this.store = store;
    this.control = control;
    this.arguments = arguments;
    this.audit = audit;
    this.clock = clock;
    this.decided = decided;
    this.pages = pages;
    this.memory = memory;
  }

  /**
   * The questions of a profile, the newest first; open ones in the order in which they expire.
   * There may be fewer than requested, although more follow.
   *
   * @param status their status, as its code; null for any
   * @param run the run that they are of, as {@code task/run}; null for any
   * @param before the number of the last one of the page before
   * @param areWhole whether long arguments and results are whole, and not cut
   * @throws ApiException {@link ErrorCode#PROFILE_NOT_FOUND} or {@link ErrorCode#SCOPE_MISSING}
   */
  public Page<FoundApproval, Long> list(
      Caller caller,
      ProfileSlug slug,
      @Nullable String status,
      @Nullable String run,
      long before,
      int most,
      boolean areWhole) {
    return list(
        caller,
        slug,
        status,
        run,
        before,
        most,
        areWhole ? ListedApprovals.WHOLE : ListedApprovals.CUT);
  }

  /**
   * The same for pages, with the beginnings of arguments and without results.
   *
   * @throws ApiException as {@link #list}
   */
  public Page<FoundApproval, Long> listBriefly(
      Caller caller,
      ProfileSlug slug,
      @Nullable String status,
      @Nullable String run,
      long before,
      int most) {
    return list(caller, slug, status, run, before, most, ListedApprovals.BRIEF);
  }

  private Page<FoundApproval, Long> list(
      Caller caller,
      ProfileSlug slug,
      @Nullable String status,
      @Nullable String run,
      long before,
      int most,
      ListedApprovals texts) {
    Profile profile = access.requireForList(caller, slug, Right.SEE_RUNS);
    ApprovalStatus wanted = status(status);
    List<String> tasks = ProfileAccess.tasksOf(caller, profile);
    return pages.read(
        caller.username(),
        before,
        most,
        (from, left, bytes) ->
            store.list(profile.id(), wanted, tasks, run, texts, from, left, bytes));
  }

  /**
   * How many questions of a profile are open.
   *
   * @param most how many are counted at most
   * @throws ApiException as {@link #list}
   */
  public int open(Caller caller, ProfileSlug slug, int most) {
    return store.openOf(access.require(caller, slug, Right.SEE_RUNS).id(), most);
  }

  /**
   * Those of some questions that are open, the first ones in their order; long arguments are cut.
   *
   * @throws ApiException as {@link #list}
   */
  public List<FoundApproval> open(Caller caller, ProfileSlug slug, List<UUID> ids, int most) {
    Profile profile = access.requireForList(caller, slug, Right.SEE_RUNS);
    return pages
        .read(
            caller.username(),
            0L,
            most,
            (after, left, bytes) -> store.open(profile.id(), ids, after, left, bytes))
        .items()
        .stream()
        .filter(found -> ProfileAccess.coversTask(caller, profile, slug, found.task()))
        .toList();
  }

  static @Nullable ApprovalStatus status(@Nullable String code) {
    if (code == null) {
      return null;
    }
    return Coded.find(ApprovalStatus.class, code)
        .orElseThrow(
            () ->
                ApiException.invalid(
                    "status",
                    "must be one of "
                        + Stream.of(ApprovalStatus.values())
                            .map(ApprovalStatus::code)
                            .collect(Collectors.joining(", "))));
  }

  /**
   * A question of a profile.
   *
   * @param isWhole whether long arguments and results are whole, and not cut
   * @throws ApiException as {@link #list}, or {@link ErrorCode#APPROVAL_NOT_FOUND}
   */
  public FoundApproval get(Caller caller, ProfileSlug slug, String id, boolean isWhole) {
    return find(
        caller,
        access.requireForList(caller, slug, Right.SEE_RUNS),
        slug,
        id,
        isWhole ? ListedApprovals.WHOLE : ListedApprovals.CUT);
  }

  private FoundApproval find(
      Caller caller, Profile profile, ProfileSlug slug, String id, ListedApprovals texts) {
    return uuid(id).stream()
        .flatMap(
            known ->
                pages
                    .read(
                        caller.username(),
                        0L,
                        1,
                        (from, most, bytes) -> store.find(profile.id(), known, texts, bytes))
                    .items()
                    .stream())
        .filter(found -> ProfileAccess.coversTask(caller, profile, slug, found.task()))
        .findFirst()
        .orElseThrow(() -> unknown(slug, id));
  }

  private FoundApproval require(Caller caller, Profile profile, ProfileSlug slug, String id) {
    return uuid(id)
        .flatMap(known -> store.find(profile.id(), known))
        .filter(found -> ProfileAccess.coversTask(caller, profile, slug, found.task()))
        .orElseThrow(() -> unknown(slug, id));
  }

  private static ApiException unknown(ProfileSlug slug, String id) {
    return new ApiException(
        ErrorCode.APPROVAL_NOT_FOUND, "The profile %s has no approval %s.".formatted(slug, id));
  }

  private static Optional<UUID> uuid(String id) {
    try {
      return Optional.of(UUID.fromString(id));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Decides about a tool call, and lets its run go on. Of several decisions at once, one counts.
   *
   * @throws ApiException as {@link #get}, {@link ErrorCode#ROLE_MISSING}, {@link
   *     ErrorCode#ALREADY_DECIDED}, or when the decision is not valid; nothing has changed then
   */
  public FoundApproval decide(Caller caller, ProfileSlug slug, String id, ApprovalRequest wanted) {
    Profile asked = access.requireForList(caller, slug, Right.APPROVE);
    Integer large = find(caller, asked, slug, id, ListedApprovals.CUT).approval().argumentsBytes();
    if (large != null) {
      // Before the transaction, which would keep a connection, and then the run, while it waits.
      memory.open(caller.username()).hold((long) COPIES * large);
    }
    Checked decision = wanted.checked();
    if (decision instanceof Checked.Edit(ObjectNode edited)) {
      // The schema of a call does not change, and so no lock is held for this.
      FoundApproval found = require(caller, asked, slug, id);
      if (found.approval().status() == ApprovalStatus.OPEN && found.isLive()) {
        arguments.check(caller, asked, found.approval(), edited);
      }
    }
    return QuarkusTransaction.joiningExisting()
        .call(() -> decide(caller, slug, id, wanted, decision));
  }

  private FoundApproval decide(
      Caller caller, ProfileSlug slug, String id, ApprovalRequest wanted, Checked decision) {
    Profile profile = access.requireForList(caller, slug, Right.APPROVE);
    UUID known = require(caller, profile, slug, id).approval().id();
    store.lockRun(known);
    FoundApproval found = require(caller, profile, slug, id);
    StoredApproval approval = found.approval();
    if (approval.status() != ApprovalStatus.OPEN || !found.isLive()) {
      throw decidedAlready(found);
    }
    check(approval, decision);
    boolean isDecided =
        store.decide(
            approval.id(),
            decision.status(),
            clock.instant(),
            caller.username(),
            credential(caller),
            wanted.reason() == null || wanted.reason().isBlank() ? null : wanted.reason(),
            decision.given());
    if (!isDecided) {
      throw decidedAlready(require(caller, profile, slug, id));
    }
    control.wake(List.of(approval.runId()));
    FoundApproval after = require(caller, profile, slug, id);
    audit.record(
        caller,
        AuditAction.APPROVAL_DECIDED,
        "profiles/" + profile.slug() + "/approvals/" + approval.id(),
        Shown.of(found),
        Shown.of(after));
    decided.fire(new ApprovalDecided(decision.status()));
    return after;
  }

  /** A question as the audit shows it. */
  @RegisterForReflection
  record Shown(
      String task,
      String run,
      String tool,
      String status,
      @Nullable String reason,
      @Nullable String arguments) {
    static Shown of(FoundApproval found) {
      StoredApproval approval = found.approval();
      return new Shown(
          found.task(),
          found.run(),
          approval.tool(),
          approval.status().code(),
          approval.reason(),
          approval.status() == ApprovalStatus.EDITED ? approval.given() : approval.arguments());
    }
  }

  private static @Nullable String credential(Caller caller) {
    Rights.ByToken token = caller.rights().token();
    return token == null ? null : token.id().toString();
  }

  private static String late(StoredApproval approval) {
    return "Nobody decided about this call by " + approval.expiresAt() + ".";
  }

  private static ApiException decidedAlready(FoundApproval found) {
    StoredApproval approval = found.approval();
    return new ApiException(
        ErrorCode.ALREADY_DECIDED,
        switch (approval.status()) {
          case CANCELLED -> GONE;
          case OPEN -> found.isLive() ? late(approval) : GONE;
          case EXPIRED -> late(approval);
          case APPROVED, REJECTED, EDITED, ANSWERED, FAILED ->
              "%s was decided at %s%s: the call is %s."
                  .formatted(
                      approval.tool(),
                      approval.decidedAt(),
                      approval.decidedBy() == null ? "" : " by " + approval.decidedBy(),
                      approval.status().code());
        });
  }

  private void check(StoredApproval approval, Checked decision) {
    switch (decision) {
      case Checked.Approve _, Checked.Reject _, Checked.Edit _ -> {}
      case Checked.Answer _, Checked.Fail _ -> {
        if (!approval.mayHaveRun()) {
          throw ApiException.invalid(
              "decision",
              decision.status() == ApprovalStatus.ANSWERED
                  ? "can be answer only about a call that may have been made: reject this one with"
                      + " a reason, which the model reads"
                  : "can be fail only about a call that may have been made: reject this one, or"
                      + " cancel the run");
        }
      }
    }
  }

  /** The tool as the model was offered it; empty where that is not known. */
  public Optional<ToolSpec> definition(StoredApproval approval) {
    return arguments.definition(approval);
  }

  /** The open questions of all profiles, for the metrics. */
  public OpenApprovals open() {
    return store.open();
  }
}
