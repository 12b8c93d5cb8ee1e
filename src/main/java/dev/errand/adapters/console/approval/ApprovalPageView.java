package dev.errand.adapters.console.approval;

import dev.errand.adapters.console.page.ApprovalLine;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.adapters.console.run.EntryView;
import dev.errand.runs.approval.StoredApproval;
import dev.errand.tools.mcp.wire.VisibleText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page of a tool call that waits, or has waited, for a person.
 *
 * @param description what the tool says of itself, with hidden characters written out; null for
 *     nothing
 * @param left how long a person can still decide; empty where nobody has to
 * @param changed the arguments that the person put in place of the model's; null where nobody did
 * @param result what the person said that the call resulted in, with hidden characters written out;
 *     null where nobody did
 * @param entries what the run did last; empty where nobody has to decide any more
 * @param form the form that decides; null for users who may not, and where it is decided
 * @param message why a decision was refused that came too late; null where none was
 * @param unused what the person had typed then
 */
public record ApprovalPageView(
    ApprovalLine line,
    @Nullable String description,
    String left,
    ShownArguments arguments,
    @Nullable ShownArguments changed,
    @Nullable String result,
    List<EntryView> entries,
    @Nullable ApprovalForm form,
    @Nullable String message,
    List<Typed> unused) {

  private static final int MOST_OF_RULE = 500;

  /** What a person typed into a field. */
  public record Typed(String name, String text) {}

  private StoredApproval approval() {
    return line.found().approval();
  }

  /** Where the call goes; null where that is not known. */
  public @Nullable String server() {
    String server = approval().server();
    return server == null ? null : VisibleText.of(server);
  }

  /** The rule that asked; null where that is not known. */
  public @Nullable String rule() {
    String rule = approval().rule();
    return rule == null ? null : Excerpt.of(VisibleText.of(rule), MOST_OF_RULE);
  }

  /** Whether a program of the user decided. */
  public boolean isByToken() {
    return approval().decidedWith() != null;
  }

  /** Why it was decided so; null where nobody said it. */
  public @Nullable String reason() {
    return approval().decidedBy() == null ? null : approval().reason();
  }
}
