package dev.errand.adapters.console.approval;

import dev.errand.adapters.console.page.ApprovalLine;
import dev.errand.adapters.console.page.Choice;
import dev.errand.adapters.console.page.ListFilter;
import dev.errand.runs.approval.ApprovalStatus;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The data of the page with the tool calls of a profile that wait, or have waited.
 *
 * @param next the address of the following page; null for the last one
 * @param self the address of this page, by which it refreshes itself; null where it does not
 * @param message why none are listed; null where they are
 */
public record ApprovalListView(
    ListFilter filter,
    List<ApprovalLine> approvals,
    @Nullable String next,
    @Nullable String self,
    @Nullable String message) {
  static final String STATUS = "status";
  static final String RUN = "run";

  /** Selects all. */
  static final String ANY = "any";

  /** Whether only those are listed that wait. */
  public boolean isOfOpen() {
    return filter.get(STATUS).isEmpty();
  }

  /** The statuses to choose from, of which the first one is chosen where none is named. */
  public List<Choice> statuses() {
    String chosen = filter.get(STATUS);
    return Stream.concat(
            Stream.of(ApprovalStatus.values())
                .map(
                    status ->
                        new Choice(
                            status == ApprovalStatus.OPEN ? "" : status.code(),
                            text(status),
                            status.code().equals(chosen))),
            Stream.of(new Choice(ANY, ANY, ANY.equals(chosen))))
        .toList();
  }

  private static String text(ApprovalStatus status) {
    return switch (status) {
      case OPEN -> "waits";
      case ANSWERED -> "result given";
      case FAILED -> "run ended";
      case APPROVED, REJECTED, EDITED, EXPIRED, CANCELLED -> status.code();
    };
  }
}
