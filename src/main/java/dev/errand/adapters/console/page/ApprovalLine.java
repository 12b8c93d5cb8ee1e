package dev.errand.adapters.console.page;

import dev.errand.identity.page.PagePaths;
import dev.errand.runs.approval.ApprovalStatus;
import dev.errand.runs.approval.FoundApproval;
import dev.errand.runs.approval.StoredApproval;
import dev.errand.runs.task.ApprovalExpiry;
import dev.errand.tools.mcp.wire.VisibleText;
import org.jspecify.annotations.Nullable;

/**
 * A tool call that waits, or has waited, for a person, as pages show it.
 *
 * @param home the address of the home of its profile
 */
public record ApprovalLine(FoundApproval found, String home) {
  private static final int MOST = 200;

  private StoredApproval approval() {
    return found.approval();
  }

  /** Its id. */
  public String id() {
    return approval().id().toString();
  }

  /** Its page. */
  public String address() {
    return PagePaths.approval(home, id());
  }

  /** The name of the tool, as the model calls it. */
  public String tool() {
    return approval().tool();
  }

  /** The page of the task. */
  public String taskAddress() {
    return PagePaths.task(home, found.task());
  }

  /** The page of the run. */
  public String runAddress() {
    return PagePaths.run(home, found.task(), found.run());
  }

  /** The beginning of the arguments as JSON, with hidden characters written out. */
  public String arguments() {
    return Excerpt.of(VisibleText.ofJson(Excerpt.of(approval().arguments(), MOST)), MOST);
  }

  /** When the model asked for it. */
  public PageTime asked() {
    return PageTime.of(approval().requestedAt());
  }

  /** Until when a person can decide. */
  public PageTime until() {
    return PageTime.of(approval().expiresAt());
  }

  /** When it was decided; null where it was not. */
  public @Nullable PageTime decided() {
    return PageTime.orNull(approval().decidedAt());
  }

  /** Whether a person can still decide. */
  public boolean isOpen() {
    return approval().status() == ApprovalStatus.OPEN && found.isLive();
  }

  /** Whether it was begun before, and its result is not known. */
  public boolean mayHaveRun() {
    return approval().mayHaveRun();
  }

  /** What became of it, in a word. */
  public String status() {
    return switch (approval().status()) {
      case OPEN -> found.isLive() ? "waits" : "cancelled";
      case ANSWERED -> "result given";
      case FAILED -> "run ended";
      case APPROVED, REJECTED, EDITED, EXPIRED, CANCELLED -> approval().status().code();
    };
  }

  /** The mark of its status. */
  public Mark mark() {
    return switch (approval().status()) {
      case OPEN -> found.isLive() ? Mark.PENDING : Mark.SKIPPED;
      case APPROVED, EDITED, ANSWERED -> Mark.READY;
      case REJECTED, FAILED -> Mark.ERROR;
      case EXPIRED -> Mark.WARNED;
      case CANCELLED -> Mark.SKIPPED;
    };
  }

  /** What happens where nobody decides in time: the end of a sentence. */
  public String otherwise() {
    return switch (approval().expiry()) {
      case REJECT ->
          mayHaveRun()
              ? "the model reads that the call may have been made"
              : "the call is not made, and the model reads that nobody approved it";
      case FAIL -> "the run fails";
      case APPROVE -> "the call is made";
    };
  }

  /** What became of it, in a sentence. */
  public String outcome() {
    String by = approval().decidedBy();
    return switch (approval().status()) {
      case OPEN, CANCELLED ->
          by == null
              ? "Nobody has to decide any more: the run has ended, or the tool was removed or is"
                  + " at another address."
              : "Before what "
                  + by
                  + " decided was done, the run ended, or the tool moved to another address.";
      case APPROVED ->
          by == null
              ? "Nobody decided in time, and the settings of the task let the call be made then."
              : by + " approved the call.";
      case REJECTED -> by + " rejected the call. The model reads that, and goes on.";
      case EDITED -> by + " changed the arguments, and approved the call.";
      case ANSWERED -> by + " gave the result of the call, which the model reads.";
      case FAILED -> by + " ended the run.";
      case EXPIRED ->
          approval().expiry() == ApprovalExpiry.FAIL
              ? "Nobody decided in time, and so the run fails."
              : "Nobody decided in time. The model reads that, and goes on.";
    };
  }

  @Override
  public String toString() {
    return "ApprovalLine[" + id() + "]";
  }
}
