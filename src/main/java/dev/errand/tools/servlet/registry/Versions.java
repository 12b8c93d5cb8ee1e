package dev.errand.tools.servlet.registry;

import dev.errand.tools.servlet.code.ContentAddress;
import dev.errand.tools.servlet.code.RegistrySql;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The versions of servlets, and the bytes behind them: every statement about them. */
@ApplicationScoped
class Versions {
  // Bytes of an older version that come again become the newest, unless they were yanked.
  private static final String ADD =
      """
      INSERT INTO servlet_version AS known (servlet_id, number, address, created_at)
      SELECT ?::uuid, coalesce(max(number), 0) + 1, ?::text, ?::timestamptz FROM servlet_version WHERE servlet_id = ?
      ON CONFLICT (servlet_id, address) DO UPDATE SET number = excluded.number
        WHERE known.yanked_at IS NULL AND known.number < excluded.number - 1
      """;

  private static final String NEWEST =
      """
      SELECT address FROM servlet_version WHERE servlet_id = ? AND yanked_at IS NULL
      ORDER BY number DESC LIMIT 1
      """;

  private static final String ALL =
      """
      SELECT number, address, version.created_at, yanked_at, octet_length(wasm) AS size, engine, tools
      FROM servlet_version AS version JOIN servlet_content USING (address)
      WHERE servlet_id = ? AND number < ? ORDER BY number DESC LIMIT ?
      """;

  private static final String ADD_CONTENT =
      """
      INSERT INTO servlet_content (address, wasm, tools, tool_names, engine, created_at)
      VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (address) DO NOTHING
      """;

  private static final String BYTES =
      """
      SELECT wasm FROM servlet_content WHERE address = ? AND EXISTS (
        SELECT 1 FROM servlet_version JOIN servlet ON servlet.id = servlet_id
        WHERE servlet_version.address = servlet_content.address
          AND (visibility = 'public' OR owner = ?))
      """;

  private final DataSource database;

  Versions(DataSource database) {
    this.database = database;
  }

  /**
   * A version.
   *
   * @param number how many the servlet had before, counted from 1; it changes when the bytes come
   *     again
   * @param address the content address of its bytes
   * @param createdAt when it was published first
   * @param yankedAt when it was yanked; null for one that is not
   * @param size how many bytes it has
   * @param engine {@link ServletContent#engine}
   * @param tools its tools, a JSON array
   */
  record Version(
      int number,
      String address,
      Instant createdAt,
      @Nullable Instant yankedAt,
      int size,
      String engine,
      String tools) {}

  /** Waits until nobody else changes that servlet or installs it, until the transaction ends. */
  void lockToChange(String owner, String name) {
    lock("SELECT pg_advisory_xact_lock(hashtext(?))", owner, name);
  }

  /** Waits until nobody changes that servlet, and keeps it as it is until the transaction ends. */
  void lockToRead(String owner, String name) {
    lock("SELECT pg_advisory_xact_lock_shared(hashtext(?))", owner, name);
  }

  private void lock(String statement, String owner, String name) {
    RegistrySql.query(database, statement, row -> true, "servlet " + owner + "/" + name);
  }

  /** Keeps bytes, unless they are kept already. */
  void addContent(ServletContent content) {
    RegistrySql.update(
        database,
        ADD_CONTENT,
        content.address,
        content.wasm,
        content.tools,
        content.toolNames,
        content.engine,
        content.createdAt);
  }

  /** Makes bytes the newest version; false when they are already, or were yanked. */
  boolean add(UUID servletId, ContentAddress address, Instant now) {
    return RegistrySql.update(database, ADD, servletId, address, now, servletId) > 0;
  }

  boolean has(UUID servletId, ContentAddress address) {
    return isYanked(servletId, address).isPresent();
  }

  /** Yanks a version, or with null takes it back; false when it was so already. */
  boolean yank(UUID servletId, ContentAddress address, @Nullable Instant at) {
    return RegistrySql.update(
            database,
            "UPDATE servlet_version SET yanked_at = ? WHERE servlet_id = ? AND address = ?"
                + " AND (yanked_at IS NULL) <> ?",
            at,
            servletId,
            address,
            at == null)
        > 0;
  }

  Optional<ContentAddress> newest(UUID servletId) {
    return RegistrySql.query(
            database, NEWEST, row -> new ContentAddress(row.getString("address")), servletId)
        .stream()
        .findFirst();
  }

  /** How many versions a servlet has, those that were yanked included. */
  int count(UUID servletId) {
    return RegistrySql.query(
            database,
            "SELECT count(*) FROM servlet_version WHERE servlet_id = ?",
            row -> row.getInt(1),
            servletId)
        .getFirst();
  }

  /** Whether a version of these bytes was yanked; empty where the servlet has none. */
  Optional<Boolean> isYanked(UUID servletId, ContentAddress address) {
    return RegistrySql.query(
            database,
            "SELECT yanked_at FROM servlet_version WHERE servlet_id = ? AND address = ?",
            row -> RegistrySql.instant(row, "yanked_at") != null,
            servletId,
            address)
        .stream()
        .findFirst();
  }

  /**
   * Some versions, the newest first.
   *
   * @param before the number that theirs are below
   * @param most how many
   */
  List<Version> some(UUID servletId, int before, int most) {
    return RegistrySql.query(
        database,
        ALL,
        row ->
            new Version(
                row.getInt("number"),
                row.getString("address"),
                row.getTimestamp("created_at").toInstant(),
                RegistrySql.instant(row, "yanked_at"),
                row.getInt("size"),
                row.getString("engine"),
                row.getString("tools")),
        servletId,
        before,
        most);
  }

  /** The tools of the bytes at an address, a JSON array. */
  String tools(ContentAddress address) {
    return RegistrySql.query(
            database,
            "SELECT tools FROM servlet_content WHERE address = ?",
            row -> row.getString("tools"),
            address)
        .stream()
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("No bytes are kept at " + address));
  }

  /** The bytes at an address, as far as this user may see a servlet of which they are a version. */
  Optional<byte[]> bytes(ContentAddress address, String username) {
    return RegistrySql.query(database, BYTES, row -> row.getBytes("wasm"), address, username)
        .stream()
        .findFirst();
  }
}
