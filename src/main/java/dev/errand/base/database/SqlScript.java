package dev.errand.base.database;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Several statements in one round trip and one transaction. Each sees what the ones before it
 * changed, and what others had committed when it began.
 */
public final class SqlScript {
  private final Sql sql;
  private final List<Part> parts = new ArrayList<>();

  SqlScript(Sql sql) {
    this.sql = sql;
  }

  private record Part(SqlStatement statement, @Nullable Consumer<Row> reader) {}

  /** Adds a statement; its rows, if any, are ignored. */
  public SqlScript then(SqlStatement statement) {
    parts.add(new Part(statement, null));
    return this;
  }

  /** Adds a statement; the reader gets each of its rows. */
  public SqlScript then(SqlStatement statement, Consumer<Row> reader) {
    parts.add(new Part(statement, reader));
    return this;
  }

  /** Runs the statements, all or none, and then hands their rows to their readers. */
  public void run() {
    String text =
        parts.stream().map(part -> part.statement().text()).collect(Collectors.joining(";\n"));
    boolean _ =
        sql.call(
            connection -> {
              try (PreparedStatement all = connection.prepareStatement(text)) {
                int bound = 0;
                for (Part part : parts) {
                  bound += part.statement().bind(connection, all, bound);
                }
                all.execute();
                for (int i = 0; i < parts.size(); i++) {
                  if (i > 0) {
                    all.getMoreResults();
                  }
                  read(all, parts.get(i).reader());
                }
                return true;
              }
            });
  }

  private static void read(PreparedStatement all, @Nullable Consumer<Row> reader)
      throws SQLException {
    if (reader == null) {
      return;
    }
    try (ResultSet rows = all.getResultSet()) {
      Row row = new Row(rows);
      while (rows.next()) {
        reader.accept(row);
      }
    }
  }
}
