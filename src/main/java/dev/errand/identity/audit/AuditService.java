package dev.errand.identity.audit;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.Paging.Listed;
import dev.errand.base.http.Paging.Part;
import dev.errand.base.json.Json;
import dev.errand.base.limit.FittingItems;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Reads the audit, for admins. */
@ApplicationScoped
public class AuditService {
  private static final int BATCH = 1000;
  private static final long BATCH_BYTES = 512L * 1024;

  private final Sql sql;
  private final Json json;
  private final FittingItems fitting;

  AuditService(Sql sql, Json json, FittingItems fitting) {
    this.sql = sql;
    this.json = json;
    this.fitting = fitting;
  }

  /** The place of a line in the list. */
  private record Position(Instant at, long id) {
    static Position of(AuditLine line) {
      return new Position(line.at(), line.id());
    }

    static Position of(String key) {
      try {
        int space = key.indexOf(' ');
        if (space > 0) {
          return new Position(
              Instant.parse(key.substring(0, space)), Long.parseLong(key.substring(space + 1)));
        }
      } catch (DateTimeException | NumberFormatException e) {
        // Refused below.
      }
      throw ApiException.invalid(
          "cursor", "is not one of the audit: use the address in the Link header unchanged");
    }
  }

  public static String key(AuditLine line) {
    return line.at() + " " + line.id();
  }

  /**
   * Checks that the caller may read the audit.
   *
   * @throws ApiException {@link dev.errand.base.error.ErrorCode#SCOPE_MISSING}
   */
  void check(Caller caller) {
    caller.requireUnlimited(Scope.ADMIN);
  }

  /**
   * The lines of a page, as many as fit, newest first.
   *
   * @throws ApiException as {@link #check} does, or when the page begins nowhere
   */
  public Listed<AuditLine> list(Caller caller, AuditSelection selection, Part part) {
    check(caller);
    Position after = after(selection, part.after());
    return fitting.read(
        caller.username(),
        part.limit(),
        // The changes are read as JSON.
        sizes(selection, after, part.read()).stream().map(bytes -> 2 * bytes).toList(),
        number -> read(selection, after, number));
  }

  /**
   * Passes the selected lines to a consumer, newest first, in batches.
   *
   * @param after the key of the line that they follow; empty for the first ones
   */
  void each(
      Caller caller,
      AuditSelection selection,
      String after,
      long most,
      Consumer<AuditLine> reader) {
    check(caller);
    Position before = after(selection, after);
    long left = most;
    List<AuditLine> batch;
    do {
      batch = read(selection, before, fitting(sizes(selection, before, BATCH)));
      batch.stream().limit(left).forEach(reader);
      left -= batch.size();
      before = batch.isEmpty() ? before : Position.of(batch.getLast());
    } while (!batch.isEmpty() && left > 0);
  }

  // Ids begin with 1, so that a line as old as the end of the selection is excluded.
  private static Position after(AuditSelection selection, String key) {
    return key.isEmpty() ? new Position(selection.to(), 0) : Position.of(key);
  }

  // At least one, where there is one.
  private static int fitting(List<Long> sizes) {
    long bytes = 0;
    int fitting = 0;
    while (fitting < sizes.size() && bytes < BATCH_BYTES) {
      bytes += sizes.get(fitting);
      fitting++;
    }
    return fitting;
  }

  private List<Long> sizes(AuditSelection selection, Position before, int most) {
    return read(selection, before, most, AuditStatements::sizes, row -> row.number("bytes"));
  }

  private List<AuditLine> read(AuditSelection selection, Position before, int most) {
    return read(selection, before, most, AuditStatements::first, this::line);
  }

  private <T> List<T> read(
      AuditSelection selection,
      Position before,
      int most,
      UnaryOperator<String> of,
      Function<Row, T> item) {
    List<String> parts = selection.parts();
    SqlStatement statement =
        sql.statement(
                of.apply(
                    AuditStatements.list(
                        selection.actor() != null, selection.action() != null, parts.size(), most)))
            .with("most", most)
            .with("from", selection.from())
            .with("before_at", before.at())
            .with("before_id", before.id());
    if (selection.actor() != null) {
      var _ = statement.with("actor", selection.actor());
    }
    if (selection.action() != null) {
      var _ = statement.with("action", selection.action());
    }
    if (!parts.isEmpty()) {
      int indexed = Math.min(parts.size(), AuditStatements.INDEXED_PARTS);
      var _ = statement.with("first", "text", parts.subList(0, indexed));
    }
    if (parts.size() > AuditStatements.INDEXED_PARTS) {
      var _ = statement.with("object", selection.object());
    }
    List<T> lines = new ArrayList<>();
    sql.script()
        .then(sql.statement(AuditStatements.IN_ORDER))
        .then(statement, row -> lines.add(item.apply(row)))
        .run();
    return lines;
  }

  private AuditLine line(Row row) {
    return new AuditLine(
        row.number("id"),
        row.time("at"),
        new AuditLine.Actor(
            row.text("actor"),
            row.idOrNull("token_id"),
            row.idOrNull("session_id"),
            row.textOrNull("client")),
        row.text("action"),
        row.text("object"),
        json.tree(row.text("changes")),
        row.textOrNull("address"),
        row.textOrNull("request_id"));
  }
}
