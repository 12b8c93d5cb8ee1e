package dev.errand.adapters.console.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.adapters.console.page.Excerpt;
import dev.errand.identity.audit.AuditLine;
import java.util.List;

/**
 * A line of the audit in its page.
 *
 * @param by the program or token used; empty for a session
 * @param object the beginning of the path of its object
 * @param changes the old and the new value of each changed field
 * @param more how many changes are not shown
 */
public record AuditRow(
    AuditLine line, String by, String object, List<ChangedField> changes, int more) {
  private static final int MOST_CHANGES = 5;
  private static final int LONGEST_CHANGE = 60;
  private static final int LONGEST_OBJECT = 200;

  /**
   * A change of a field.
   *
   * @param field the path of the field
   * @param text its old and its new value
   */
  public record ChangedField(String field, String text) {}

  static AuditRow of(AuditLine line) {
    List<ChangedField> changes =
        line.changes().properties().stream()
            .limit(MOST_CHANGES)
            .map(change -> new ChangedField(brief(change.getKey()), text(change.getValue())))
            .toList();
    return new AuditRow(
        line,
        by(line.actor()),
        Excerpt.of(line.object(), LONGEST_OBJECT),
        changes,
        line.changes().size() - changes.size());
  }

  private static String by(AuditLine.Actor actor) {
    String client = actor.client();
    if (client != null) {
      return brief(client);
    }
    return actor.token() == null ? "" : "token " + actor.token();
  }

  private static String text(JsonNode change) {
    if (!change.has("from") && !change.has("to")) {
      return "changed";
    }
    return textOf(change.path("from")) + " → " + textOf(change.path("to"));
  }

  private static String textOf(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "nothing";
    }
    return brief(value.isTextual() ? value.asText() : value.toString());
  }

  private static String brief(String text) {
    return Excerpt.of(text, LONGEST_CHANGE);
  }
}
