package dev.errand.adapters.console.notice;

import dev.errand.adapters.console.page.Mark;
import dev.errand.adapters.console.page.Texts;
import dev.errand.automation.channel.OwnerChannels;
import dev.errand.automation.notice.NoticeView;
import dev.errand.automation.notice.NoticeView.State;
import dev.errand.base.json.Coded;
import dev.errand.identity.page.PagePaths;
import dev.errand.runs.event.EventKind;
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
    return PagePaths.channel(home, notice.settings().channel());
  }

  /** Whether there is no such channel any more. */
  public boolean isLost() {
    return is() == State.CHANNEL_MISSING;
  }

  /** Whether its channel is that of the owner, which comes with a confirmed address. */
  public boolean isOwners() {
    return notice.settings().channel().equals(OwnerChannels.NAME);
  }

  /** The events that it tells of, in words. */
  public List<String> events() {
    return notice.settings().events().stream().map(this::event).toList();
  }

  private String event(String code) {
    return code.equals(EventKind.RUN_ERRORS_IN_A_ROW.code())
        ? notice.settings().errorsInARow() + " runs of a task failed in a row"
        : Coded.find(EventKind.class, code).map(EventKind::words).orElse(code);
  }

  /** The first of its tasks, and how many more there are; empty for all tasks. */
  public String tasks() {
    return notice.settings().tasks() == null ? "" : Texts.few(notice.settings().tasks());
  }

  /** Whether it sends what runs answer. */
  public boolean sendsAnswers() {
    return notice.settings().sendsAnswers();
  }

  /** Whether it tells now. */
  public boolean isReady() {
    return is() == State.READY;
  }

  /** Its state, in words. */
  public String state() {
    return is().words();
  }

  private State is() {
    return Coded.of(State.class, notice.state());
  }

  /** The mark of its state. */
  public Mark mark() {
    return switch (is()) {
      case READY -> Mark.READY;
      case OFF -> Mark.SKIPPED;
      case CHANNEL_UNCONFIRMED -> Mark.PENDING;
      case CHANNEL_MISSING, CHANNEL_OFF -> Mark.ERROR;
    };
  }
}
