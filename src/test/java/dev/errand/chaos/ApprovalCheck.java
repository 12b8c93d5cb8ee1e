package dev.errand.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * No call that waits for persons is made without one of them, nor more often than they said; and
 * what they decided is what the model reads.
 */
final class ApprovalCheck {
  private static final String ALL =
      "SELECT call_id, status, taken_at IS NOT NULL AS taken, may_have_run, decided_by FROM approval"
          + " ORDER BY number";

  private final Map<String, List<Asked>> asked = new HashMap<>();
  private final List<String> broken = new ArrayList<>();

  private record Asked(String status, boolean taken, boolean mayHaveRun) {}

  /** Reads what was asked. */
  static ApprovalCheck read(Connection database) throws SQLException {
    ApprovalCheck check = new ApprovalCheck();
    try (Statement statement = database.createStatement();
        ResultSet row = statement.executeQuery(ALL)) {
      while (row.next()) {
        check
            .asked
            .computeIfAbsent(row.getString("call_id"), id -> new ArrayList<>())
            .add(
                new Asked(
                    row.getString("status"),
                    row.getBoolean("taken"),
                    row.getBoolean("may_have_run")));
        if (row.getString("decided_by") == null) {
          check.broken.add(row.getString("call_id") + " was decided by nobody");
        }
      }
    }
    return check;
  }

  /** The ids of the calls that persons were asked about. */
  Set<String> calls() {
    return asked.keySet();
  }

  /** About how many calls they were asked again, since these may have been made. */
  long again() {
    return asked.values().stream().filter(questions -> questions.size() > 1).count();
  }

  /**
   * What should not be, each in a sentence; empty when all is well.
   *
   * @param asking the names of the runs of tasks that ask
   */
  List<String> broken(Collection<Kept> runs, Set<String> asking, Outside outside) {
    for (Kept run : runs) {
      for (JsonNode message : run.messages()) {
        if (message.path("role").asText().equals("tool")) {
          check(run, message, asking, outside);
        }
      }
    }
    return broken;
  }

  private void check(Kept run, JsonNode message, Set<String> asking, Outside outside) {
    String id = message.path("tool_call_id").asText();
    List<Asked> questions = asked.get(id);
    if (questions == null) {
      if (asking.contains(run.name()) && id.endsWith(Outside.ASKED_ABOUT)) {
        broken.add(run.name() + ", call " + id + ": nobody was asked");
      }
      return;
    }
    long approved =
        questions.stream().filter(one -> one.status().equals("approved") && one.taken()).count();
    int made = outside.fetched().getOrDefault(id, List.of()).size();
    String text = message.path("content").asText();
    String told = run.name() + ", call " + id + ", made " + made + " times, " + questions;
    if (made > approved) {
      broken.add(told + ": was made more often than approved");
    }
    Asked question = questions.getLast();
    String last = question.status();
    String expected =
        switch (last) {
          case "approved" -> "answer-";
          case "rejected" ->
              question.mayHaveRun()
                  ? "A person decided that it is not made again: Not now."
                  : "A person rejected this call: Not now.";
          case "answered" -> Deciders.GIVEN;
          default -> "nothing";
        };
    if (!text.contains(expected)) {
      broken.add(told + ": the model read " + text);
    }
    if (last.equals("approved") && made == 0) {
      broken.add(told + ": was never made");
    }
  }
}
