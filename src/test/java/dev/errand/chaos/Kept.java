package dev.errand.chaos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run as the database has kept it.
 *
 * @param name its name
 * @param status where it stands
 * @param attempt how often it was claimed
 * @param entryCount how many entries the run counts
 * @param usage what it has used
 * @param output the last message's text
 * @param seqs the numbers of its entries, in order
 * @param entries its entries, in order
 */
record Kept(
    String name,
    String status,
    int attempt,
    int entryCount,
    JsonNode usage,
    @Nullable String output,
    List<Integer> seqs,
    List<JsonNode> entries) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** All runs, by name. */
  static Map<String, Kept> all(Connection database) throws SQLException {
    Map<Long, Kept> byId = new LinkedHashMap<>();
    try (Statement statement = database.createStatement()) {
      try (ResultSet row = statement.executeQuery("SELECT * FROM run ORDER BY id")) {
        while (row.next()) {
          byId.put(
              row.getLong("id"),
              new Kept(
                  row.getString("name"),
                  row.getString("status"),
                  row.getInt("attempt"),
                  row.getInt("entry_count"),
                  json(row.getString("usage")),
                  row.getString("output"),
                  new ArrayList<>(),
                  new ArrayList<>()));
        }
      }
      try (ResultSet row =
          statement.executeQuery("SELECT run_id, seq, entry FROM run_entry ORDER BY run_id, seq")) {
        while (row.next()) {
          Kept run = byId.get(row.getLong("run_id"));
          if (run != null) {
            run.seqs().add(row.getInt("seq"));
            run.entries().add(json(row.getString("entry")));
          }
        }
      }
    }
    Map<String, Kept> byName = new LinkedHashMap<>();
    for (Kept run : byId.values()) {
      if (byName.put(run.name(), run) != null) {
        throw new AssertionError("There are two runs " + run.name());
      }
    }
    return byName;
  }

  /** The messages of the conversation, the last one included. */
  List<JsonNode> messages() {
    List<JsonNode> messages = new ArrayList<>();
    for (JsonNode entry : entries) {
      if (entry.has("exchange")) {
        messages.add(entry.get("exchange"));
      } else if (entry.has("lastMessage")) {
        messages.add(entry.get("lastMessage"));
      }
    }
    return Conversation.of(messages);
  }

  /** The number of the answer that it ended with; -1 if there is none. */
  int lastAnswer() {
    return output != null && output.startsWith("answer-")
        ? Integer.parseInt(output.substring("answer-".length()))
        : -1;
  }

  /** How many entries are of that kind. */
  long count(String msg) {
    return entries.stream().filter(entry -> entry.path("msg").asText().equals(msg)).count();
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
