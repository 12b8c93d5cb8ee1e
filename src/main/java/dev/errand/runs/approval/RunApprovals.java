package dev.errand.runs.approval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.models.message.Message;
import dev.errand.models.port.Approvals;
import dev.errand.models.port.RunError;
import dev.errand.models.port.RunWarning;
import dev.errand.models.port.WarningCode;
import dev.errand.runs.approval.ApprovalStore.NewQuestion;
import dev.errand.runs.entry.NewEntries;
import dev.errand.runs.entry.RunEntry;
import dev.errand.runs.history.RunJournal;
import dev.errand.runs.queue.Claim;
import dev.errand.runs.task.ApprovalExpiry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was decided about the tool calls of one claimed run when its worker took it up, and what the
 * worker asks.
 */
public final class RunApprovals implements Approvals {
  private static final String MAY_HAVE_RUN = "may_have_run";
  private static final int MOST_OF_RUN = 100;
  private static final int MOST_OF_PROFILE = 10_000;

  private final Claim claim;
  private final RunJournal journal;
  private final ApprovalQuestions questions;
  private final Duration deadline;
  private final ApprovalExpiry expiry;
  private final @Nullable String definitions;
  private final Map<Key, StoredApproval> known = new HashMap<>();
  private final Map<UUID, Pending> open = new HashMap<>();
  private boolean isMarked;

  /**
   * Reads what was decided.
   *
   * @param deadline how long persons have to decide
   * @param expiry what happens then
   * @param definitions the address of the definitions of the run's tools; null for none
   */
  RunApprovals(
      Claim claim,
      RunJournal journal,
      ApprovalQuestions questions,
      Duration deadline,
      ApprovalExpiry expiry,
      @Nullable String definitions) {
    this.claim = claim;
    this.journal = journal;
    this.questions = questions;
    this.deadline = deadline;
    this.expiry = expiry;
    this.definitions = definitions;
    this.isMarked = claim.hasApprovals();
    if (isMarked) {
      for (StoredApproval approval : questions.store().ofRun(claim.runId())) {
        known.put(new Key(approval.step(), approval.callId()), approval);
        if (approval.status() == ApprovalStatus.OPEN) {
          open.put(approval.id(), new Pending(approval.expiresAt(), approval.mayHaveRun()));
        }
      }
    }
  }

  /** A call of a run. */
  private record Key(int step, String callId) {}

  /** A question that nobody has answered. */
  private record Pending(Instant expiresAt, boolean mayHaveRun) {}

  @Override
  public Decision about(int step, Message.ToolCall call) {
    StoredApproval approval = known.get(new Key(step, call.id()));
    if (approval == null) {
      return new None();
    }
    UUID id = approval.id();
    boolean isTaken = approval.takenAt() != null;
    return switch (approval.status()) {
      case OPEN -> new Open(id, approval.origin(), approval.mayHaveRun());
      case APPROVED ->
          isTaken
              ? new Begun(approval.origin())
              : new Approved(id, approval.origin(), approval.mayHaveRun(), null);
      case EDITED ->
          isTaken
              ? new Begun(approval.origin())
              : new Approved(id, approval.origin(), approval.mayHaveRun(), arguments(approval));
      case REJECTED -> new Answered(id, rejected(approval), rejection(approval));
      case ANSWERED -> new Answered(id, String.valueOf(approval.given()), null);
      case FAILED ->
          isTaken
              ? again(approval)
              : new Failed(
                  RunError.APPROVAL_FAILED,
                  "%s ended the run, since a call of %s may have been made%s"
                      .formatted(
                          approval.decidedBy(),
                          approval.tool(),
                          approval.reason() == null ? "." : ": " + approval.reason()));
      case EXPIRED -> isTaken ? again(approval) : expired(approval);
      case CANCELLED -> again(approval);
    };
  }

  private static String rejected(StoredApproval approval) {
    String what =
        approval.mayHaveRun()
            ? "This call was begun before, and its result was lost: it may have been made. A person"
                + " decided that it is not made again"
            : "A person rejected this call";
    return what + (approval.reason() == null ? "." : ": " + approval.reason());
  }

  private static RunWarning.Noted rejection(StoredApproval approval) {
    return new RunWarning.Noted(
        WarningCode.APPROVAL_REJECTED,
        "%s rejected a call of %s, which was not made%s."
            .formatted(
                approval.decidedBy(), approval.tool(), approval.mayHaveRun() ? " again" : ""));
  }

  // A call that may have been made stays one, whatever became of the run since.
  private static Decision again(StoredApproval approval) {
    return approval.mayHaveRun() ? new Begun(approval.origin()) : new None();
  }

  private static Decision expired(StoredApproval approval) {
    return approval.expiry() == ApprovalExpiry.FAIL
        ? new Failed(
            RunError.APPROVAL_EXPIRED,
            "Nobody decided about a call of %s by %s: retry the run, and it is asked again."
                .formatted(approval.tool(), approval.expiresAt()))
        : new Answered(
            approval.id(),
            approval.mayHaveRun()
                ? "This call may have been made, and nobody said by "
                    + approval.expiresAt()
                    + " whether it was."
                : "Nobody approved this call by " + approval.expiresAt() + ", and it was not made.",
            new RunWarning.Noted(
                WarningCode.APPROVAL_EXPIRED,
                "Nobody decided by %s about a call of %s, which %s."
                    .formatted(
                        approval.expiresAt(),
                        approval.tool(),
                        approval.mayHaveRun() ? "may have been made" : "was not made")));
  }

  private @Nullable ObjectNode arguments(StoredApproval approval) {
    return approval.given() == null
        ? null
        : questions.json().read(approval.given(), ObjectNode.class);
  }

  @Override
  public synchronized Map<String, String> ask(int step, List<Question> wanted) {
    int ofProfile = questions.store().openOf(claim.profileId(), MOST_OF_PROFILE);
    Map<String, String> refused = new HashMap<>();
    List<NewQuestion> asked = new ArrayList<>();
    List<UUID> replaced = new ArrayList<>();
    for (Question question : wanted) {
      Message.ToolCall call = question.call();
      long closing = replaced.stream().filter(open::containsKey).count();
      if (open.size() + asked.size() - closing >= MOST_OF_RUN) {
        refused.put(
            call.id(),
            "A person must approve this call, and %d calls of this run wait already: go on without it."
                .formatted(MOST_OF_RUN));
      } else if (ofProfile + asked.size() >= MOST_OF_PROFILE) {
        refused.put(
            call.id(),
            "A person must approve this call, and %d calls of this profile wait already: go on without it."
                .formatted(MOST_OF_PROFILE));
      } else {
        if (question.replaces() != null) {
          replaced.add(question.replaces());
        }
        asked.add(
            new NewQuestion(
                UUID.randomUUID(),
                question.origin(),
                question.rule(),
                call.id(),
                call.name(),
                call.arguments().toString(),
                question.mayHaveRun(),
                expiry(question.mayHaveRun())));
      }
    }
    if (!asked.isEmpty()) {
      add(step, asked, replaced);
    }
    return refused;
  }

  // Time alone repeats no call.
  private ApprovalExpiry expiry(boolean mayHaveRun) {
    return mayHaveRun && expiry == ApprovalExpiry.APPROVE ? ApprovalExpiry.FAIL : expiry;
  }

  private void add(int step, List<NewQuestion> asked, List<UUID> replaced) {
    if (!isMarked) {
      questions.store().mark(claim.runId());
      isMarked = true;
    }
    Instant now = questions.clock().instant();
    Instant expiresAt = now.plus(deadline);
    List<RunEntry> entries = new ArrayList<>();
    replaced.forEach(id -> entries.add(decided(stored(id), ApprovalStatus.CANCELLED)));
    asked.forEach(
        one ->
            entries.add(
                new RunEntry.ApprovalRequested(
                    one.id(), one.callId(), one.tool(), expiresAt, one.mayHaveRun())));
    journal.append(
        questions.entries().write(entries),
        null,
        () -> {
          replaced.forEach(questions.store()::replace);
          questions
              .store()
              .add(claim.runId(), claim.profileId(), step, definitions, now, expiresAt, asked);
          questions.requested(claim, asked, now, expiresAt);
        });
    replaced.forEach(open::remove);
    asked.forEach(one -> open.put(one.id(), new Pending(expiresAt, one.mayHaveRun())));
  }

  @Override
  public void take(UUID approval) {
    var _ = take(approval, List.of(), null);
  }

  /**
   * Notes that the run takes a decision up, with the entries that follow from it. The calls of an
   * answer do so at the same time.
   *
   * @param usage a JSON object; null leaves the usage as it is
   * @return the entries
   */
  public synchronized NewEntries take(
      UUID approval, List<RunEntry> following, @Nullable String usage) {
    StoredApproval taken = stored(approval);
    RunEntry decided =
        decided(
            taken,
            taken.status() == ApprovalStatus.OPEN ? ApprovalStatus.CANCELLED : taken.status());
    NewEntries written =
        questions.entries().write(Stream.concat(Stream.of(decided), following.stream()).toList());
    journal.append(written, usage, () -> questions.store().take(approval));
    open.remove(approval);
    return written;
  }

  private StoredApproval stored(UUID approval) {
    return known.values().stream()
        .filter(one -> one.id().equals(approval))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("No approval " + approval));
  }

  private RunEntry decided(StoredApproval approval, ApprovalStatus status) {
    JsonNode arguments = status == ApprovalStatus.EDITED ? arguments(approval) : null;
    Instant at = approval.decidedAt();
    return new RunEntry.ApprovalDecided(
        approval.id(),
        approval.callId(),
        approval.tool(),
        status.code(),
        at == null ? questions.clock().instant() : at,
        approval.decidedBy(),
        approval.decidedWith(),
        approval.reason(),
        arguments);
  }

  /**
   * Returns the run to the queue, where it waits for the decisions that are left.
   *
   * @param usage a JSON object
   */
  public void await(String usage) {
    journal.awaitApprovals(
        List.copyOf(open.keySet()),
        open.values().stream().map(Pending::expiresAt).min(Instant::compareTo).orElseThrow(),
        open.values().stream().anyMatch(Pending::mayHaveRun) ? MAY_HAVE_RUN : null,
        usage);
  }
}
