package dev.errand.tools.servlet.registry;

import dev.errand.base.database.Sql;
import dev.errand.base.http.ApiCommand;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Rights;
import dev.errand.tools.servlet.module.ContentAddress;
import dev.errand.tools.servlet.registry.ServletView.Behind;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The versions of servlets, and the bytes behind them: every statement about them. */
@ApplicationScoped
class ServletVersions {
  private final Sql sql;

  ServletVersions(Sql sql) {
    this.sql = sql;
  }

  /**
   * A version.
   *
   * @param number its number in the servlet, from 1
   * @param publication says how recent it is: a newer one has a greater value
   * @param yankedAt when it was yanked; null for one that is not
   * @param engine {@link ServletContent#engine}
   * @param tools its tools, a JSON array
   */
  @RegisterForReflection
  record Version(
      int number,
      int publication,
      String address,
      Instant createdAt,
      @Nullable Instant yankedAt,
      int size,
      String engine,
      String tools) {}

  /** Locks a servlet until the transaction ends, against changes and installations. */
  void lockToChange(String owner, String name) {
    lock(RegistryStatements.LOCK_TO_CHANGE, owner, name);
  }

  /** Locks a servlet until the transaction ends, only against changes. */
  void lockToRead(String owner, String name) {
    lock(RegistryStatements.LOCK_TO_READ, owner, name);
  }

  private void lock(String statement, String owner, String name) {
    sql.statement(statement).with("servlet", "servlet " + owner + "/" + name).run();
  }

  boolean hasContent(ContentAddress address) {
    return sql.statement(RegistryStatements.HAS_CONTENT).with("address", address.hex()).exists();
  }

  /** The bytes at an address, for whoever calls them. */
  byte[] bytes(ContentAddress address) {
    return sql.statement(RegistryStatements.CONTENT)
        .with("address", address.hex())
        .first(row -> row.bytes("wasm"))
        .orElseThrow(() -> new IllegalStateException("No bytes are stored at " + address));
  }

  /** Stores bytes, unless they are stored already. */
  void addContent(ServletContent content) {
    sql.statement(RegistryStatements.ADD_CONTENT).with(content).update();
  }

  /** Where the bytes of a servlet are, or of all that an owner has. */
  List<String> addresses(String owner, @Nullable String name) {
    return sql.statement(RegistryStatements.ADDRESSES)
        .with("owner", owner)
        .with("name", name)
        .list(row -> row.text("address"));
  }

  /** Deletes bytes that no servlet has any more: others may have the same. */
  void deleteUnused(List<String> addresses) {
    sql.statement(RegistryStatements.DELETE_UNUSED).with("addresses", "text", addresses).update();
  }

  /** Makes bytes the newest version; false when they already are, or were yanked. */
  boolean add(UUID servletId, ContentAddress address, Instant now) {
    return sql.statement(RegistryStatements.ADD_VERSION)
            .with("servlet_id", servletId)
            .with("address", address.hex())
            .with("now", now)
            .update()
        > 0;
  }

  /** Whether the newest version of a servlet already equals this publication. */
  boolean isPublished(Publication complete, ContentAddress address) {
    return sql.statement(RegistryStatements.IS_PUBLISHED)
        .with("owner", complete.owner())
        .with("name", complete.name())
        .with("description", complete.description())
        .with("visibility", complete.visibility())
        .with("domains", "text", Objects.requireNonNull(complete.domains()))
        .with("config", "text", Objects.requireNonNull(complete.config()))
        .with("address", address.hex())
        .exists();
  }

  boolean has(UUID servletId, ContentAddress address) {
    return isYanked(servletId, address).isPresent();
  }

  /** Yanks a version, or with null takes that back; false when that was already so. */
  boolean yank(UUID servletId, ContentAddress address, @Nullable Instant at) {
    return sql.statement(RegistryStatements.YANK)
            .with("at", at)
            .with("servlet_id", servletId)
            .with("address", address.hex())
            .with("back", at == null)
            .update()
        > 0;
  }

  Optional<ContentAddress> newest(UUID servletId) {
    return sql.statement(RegistryStatements.NEWEST)
        .with("servlet_id", servletId)
        .first(row -> new ContentAddress(row.text("address")));
  }

  Optional<ContentAddress> numbered(UUID servletId, int number) {
    return sql.statement(RegistryStatements.BY_NUMBER)
        .with("servlet_id", servletId)
        .with("number", number)
        .first(row -> new ContentAddress(row.text("address")));
  }

  /**
   * The installations of a caller that have an older version than the newest, by name; those of
   * profiles that the caller's credential does not cover are left out.
   */
  List<Behind> behind(UUID servletId, Caller caller) {
    Rights rights = caller.rights();
    return sql
        .statement(RegistryStatements.BEHIND)
        .with("servlet_id", servletId)
        .with("username", caller.username())
        .list(
            row ->
                rights.coversProfile(row.id("profile_id"))
                    ? Optional.of(
                        Behind.of(
                            caller.username(),
                            row.text("profile"),
                            row.text("name"),
                            row.integer("number")))
                    : Optional.<Behind>empty())
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /** Whether these bytes are stored; they stay so until the caller's transaction ends. */
  boolean keepsContent(ContentAddress address) {
    return sql.statement(RegistryStatements.KEEP_CONTENT)
        .with("address", address.hex())
        .first(row -> true)
        .isPresent();
  }

  /** How many versions a servlet has, including yanked ones. */
  int count(UUID servletId) {
    return sql.statement(RegistryStatements.COUNT)
        .with("servlet_id", servletId)
        .one(row -> row.integer("versions"));
  }

  /** Whether a version of these bytes was yanked; empty where the servlet has none. */
  Optional<Boolean> isYanked(UUID servletId, ContentAddress address) {
    return sql.statement(RegistryStatements.IS_YANKED)
        .with("servlet_id", servletId)
        .with("address", address.hex())
        .first(row -> row.flag("yanked"));
  }

  /** How many bytes of texts each of these has. */
  List<Long> sizes(UUID servletId, int before, int most) {
    return sql.statement(RegistryStatements.VERSION_SIZES)
        .with("servlet_id", servletId)
        .with("before", before)
        .with("most", most)
        .list(row -> row.number("bytes"));
  }

  /**
   * Some versions, the newest first.
   *
   * @param before only versions with a lower {@link Version#publication}
   */
  List<Version> some(UUID servletId, int before, int most) {
    return sql.statement(RegistryStatements.VERSIONS)
        .with("servlet_id", servletId)
        .with("before", before)
        .with("most", most)
        .list(Version.class);
  }

  /** The tools of the bytes at an address, a JSON array. */
  String tools(ContentAddress address) {
    return sql.statement(RegistryStatements.TOOLS)
        .with("address", address.hex())
        .first(row -> row.text("tools"))
        .orElseThrow(() -> new IllegalStateException("No bytes are stored at " + address));
  }

  /** The bytes at an address, if this user may see a servlet with this version. */
  Optional<ServletBytes> bytes(ContentAddress address, String username) {
    return sql.statement(RegistryStatements.SIZE)
        .with("address", address.hex())
        .with("username", username)
        .first(row -> row.integer("size"))
        .map(
            size ->
                new ServletBytes(
                    size, (from, most) -> part(address, username, from, most).orElseThrow()));
  }

  Optional<byte[]> part(ContentAddress address, String username, int from, int most) {
    return sql.statement(RegistryStatements.PART)
        .with("address", address.hex())
        .with("username", username)
        .with("from", from + 1)
        .with("most", most)
        .first(row -> row.bytes("wasm"));
  }

  /** A note for the publisher of yanked bytes; null for others. */
  @Nullable String yankedNote(Servlet servlet, ContentAddress address) {
    return isYanked(servlet.id, address).orElse(false)
        ? "These bytes are a version that is yanked, and publishing them does not change that. To"
            + " take the yank back: "
            + ApiCommand.of(
                "DELETE",
                "/api/servlets/%s/versions/%s/yank".formatted(servlet.slug(), address.hex()))
        : null;
  }

  /**
   * The bytes of a servlet version with its description; stored once per content address.
   *
   * @param tools the tools as it described them when it was published: a JSON array
   * @param engine {@link #WHOLE}, or {@link #TOO_LARGE} if the process that published the bytes
   *     found that
   */
  @RegisterForReflection
  record ServletContent(
      String address,
      byte[] wasm,
      String tools,
      List<String> toolNames,
      String engine,
      Instant createdAt) {
    /** All functions can be compiled, or it was never tried. */
    static final String WHOLE = "compiled";

    /** Some functions can't be compiled, so that every process interprets them. */
    static final String TOO_LARGE = "interpreted";
  }
}
