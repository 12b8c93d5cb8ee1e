package dev.errand.adapters.console.notice;

import dev.errand.adapters.console.page.PageRequest;
import dev.errand.automation.notice.NoticeService;
import dev.errand.automation.notice.NoticeView;
import dev.errand.runs.event.EventKind;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;

/** Finds the notices that tell of a task's failures. */
@ApplicationScoped
public class TaskNotices {
  private static final Set<String> FAILURES =
      Set.of(EventKind.RUN_ERROR.code(), EventKind.RUN_ERRORS_IN_A_ROW.code());

  private final NoticeService notices;

  TaskNotices(NoticeService notices) {
    this.notices = notices;
  }

  /** The notices that tell, or would tell if their channels could, that a task failed. */
  public List<NoticeItem> of(PageRequest page, String task) {
    return notices.list(page.caller(), page.profile()).stream()
        .filter(notice -> notice.settings().events().stream().anyMatch(FAILURES::contains))
        .filter(notice -> covers(notice, task))
        .map(notice -> new NoticeItem(notice, page.home()))
        .toList();
  }

  private static boolean covers(NoticeView notice, String task) {
    return notice.settings().tasks() == null || notice.settings().tasks().contains(task);
  }
}
