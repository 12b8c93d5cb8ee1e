package dev.errand.openapi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.errand.openapi.ApiDocument.Operation;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

/**
 * What requests have to leave in the audit: one line for each that changes something and succeeds,
 * by its user, and none for any other. The lines are found by the ids of the requests.
 */
record AuditCheck(DataSource database) {
  private static final Set<String> CHANGING = Set.of("POST", "PUT", "PATCH", "DELETE");
  private static final String BY_RUN = "starts a run, which itself says how it was started";
  private static final String NOTHING = "changes nothing";
  private static final String NOBODY = "is no user's: its sender has a secret of its own";

  private static final String BY_CALL =
      "is a call of a tool, which leaves the line of what it does";

  /** Changing methods that leave no line, each with the reason. */
  private static final Map<String, String> LEAVE_NONE =
      Map.ofEntries(
          Map.entry("putRun", BY_RUN),
          Map.entry("runSchedule", BY_RUN),
          Map.entry("replayDelivery", BY_RUN),
          Map.entry("postDelivery", NOBODY),
          Map.entry("postEvent", NOBODY),
          Map.entry("sendMcpMessage", BY_CALL),
          Map.entry("sendMcpMessageToProfile", BY_CALL),
          Map.entry("previewTask", NOTHING),
          Map.entry("callTool", NOTHING),
          Map.entry("confirmConnection", NOTHING),
          Map.entry("previewApprovals", NOTHING),
          Map.entry("checkProvider", NOTHING),
          Map.entry("testChannel", NOTHING),
          Map.entry("checkProfileProvider", NOTHING));

  /** Whose the lines are where it is not the user of all other requests. */
  private static final Map<String, String> BY =
      Map.of(
          "acceptInvitation", "grace",
          "signIn", "grace",
          "putPassword", "grace",
          "endSession", "grace");

  /** Checks the lines of a request. */
  void check(Operation operation, int status, String requestId) {
    boolean leavesOne =
        status < 300
            && CHANGING.contains(operation.method())
            && !LEAVE_NONE.containsKey(operation.id());
    List<String> expected =
        leavesOne ? List.of(BY.getOrDefault(operation.id(), "admin")) : List.of();
    assertEquals(
        expected,
        actors(List.of(requestId)),
        () -> "who has a line of " + operation + " (" + operation.id() + ") " + status);
  }

  /**
   * Who has lines of these requests, a name for each line; without those of the notices that new
   * profiles get by themselves.
   */
  List<String> actors(Collection<String> requestIds) {
    try (Connection connection = database.getConnection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT actor FROM audit WHERE request_id = ANY (?)"
                    + " AND NOT (action = 'notice.created' AND object LIKE '%/failures') ORDER BY id")) {
      Array ids = connection.createArrayOf("text", requestIds.toArray());
      statement.setArray(1, ids);
      List<String> actors = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          actors.add(rows.getString(1));
        }
      }
      return actors;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
