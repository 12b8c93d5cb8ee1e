package dev.errand.adapters.console.notice;

import dev.errand.adapters.console.page.PagePaths;
import dev.errand.adapters.console.page.Texts;
import dev.errand.automation.notice.NoticeView;
import java.util.List;

/**
 * A notice, for people.
 *
 * @param home the address of the home of its profile
 */
public record NoticeItem(NoticeView notice, String home) {

  /** The page of the notice. */
  public String address() {
    return PagePaths.notice(home, notice.name());
  }

  /** The page of its channel. */
  public String channelAddress() {
    return PagePaths.channel(home, notice.channel());
  }

  /** Whether there is no such channel any more. */
  public boolean isLost() {
    return notice.state().equals("channel_missing");
  }

  /** The events that it tells of, in words. */
  public List<String> events() {
    return notice.events().stream()
        .map(event -> NoticeWords.event(event, notice.errorsInARow()))
        .toList();
  }

  /** The first of its tasks, and how many more there are; empty for all tasks. */
  public String tasks() {
    return notice.tasks() == null ? "" : Texts.few(notice.tasks());
  }

  /** Whether it tells now. */
  public boolean isReady() {
    return notice.state().equals("ready");
  }

  /** Its state, in words. */
  public String state() {
    return NoticeWords.state(notice.state());
  }

  /** The CSS class of its state. */
  public String mark() {
    return switch (notice.state()) {
      case "ready" -> "ready";
      case "off" -> "skipped";
      case "channel_unconfirmed" -> "pending";
      default -> "error";
    };
  }
}
