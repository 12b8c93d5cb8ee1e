package dev.errand.adapters.console.notice;

import dev.errand.automation.channel.ChannelKind;
import dev.errand.automation.notice.NoticeEvent;
import dev.errand.automation.notice.NoticeView;
import dev.errand.base.json.Coded;

/** What channels and notices are called in pages. */
final class NoticeWords {
  private NoticeWords() {}

  static String kind(String code) {
    return kind(Coded.of(ChannelKind.class, code));
  }

  static String kind(ChannelKind kind) {
    return switch (kind) {
      case EMAIL -> "E-mail";
      case SLACK -> "Slack";
      case DISCORD -> "Discord";
      case NTFY -> "ntfy";
      case WEBHOOK -> "Signed webhook";
    };
  }

  /**
   * What an event of a notice is.
   *
   * @param failures how many failures in a row it tells of
   */
  static String event(String code, int failures) {
    return Coded.find(NoticeEvent.class, code)
        .map(
            event ->
                event == NoticeEvent.RUN_ERRORS_IN_A_ROW
                    ? failures + " runs of a task failed in a row"
                    : event(event))
        .orElse(code);
  }

  static String event(NoticeEvent event) {
    return switch (event) {
      case RUN_ERROR -> "a run failed";
      case RUN_ERRORS_IN_A_ROW -> "several runs of a task failed in a row";
      case RUN_RECOVERED -> "a run is done again after such failures";
      case RUN_WARNINGS -> "a run is done, but with warnings";
      case SCHEDULE_PAUSED -> "a schedule paused itself";
      case SCHEDULE_MISSED -> "times of a schedule passed without a run";
      case WATCH_MISSED -> "what is expected of a task did not happen";
      case WATCH_RECOVERED -> "what is expected of a task happens again";
      case CREDENTIAL_EXPIRING -> "a sign-in of a tool ends soon";
      case CREDENTIAL_FAILING -> "a sign-in of a tool has to be renewed";
      case APPROVAL_REQUESTED -> "a tool call waits until somebody approves it";
      case APPROVAL_EXPIRING -> "little time is left to approve a tool call";
      case APPROVAL_EXPIRED -> "nobody decided about a tool call in time";
    };
  }

  /** What the state of a notice is. */
  static String state(NoticeView.State state) {
    return switch (state) {
      case READY -> "on";
      case OFF -> "switched off";
      case CHANNEL_MISSING -> "its channel does not exist";
      case CHANNEL_UNCONFIRMED -> "its recipient has not confirmed yet";
      case CHANNEL_OFF -> "its channel is switched off";
    };
  }
}
