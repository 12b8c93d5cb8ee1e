package dev.errand.tools.servlet.registry;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.tools.servlet.code.ContentAddress;
import dev.errand.tools.servlet.code.RegistrySql;
import dev.errand.tools.servlet.registry.ServletSummary.Meta;
import dev.errand.tools.servlet.registry.ServletSummary.Requirements;
import dev.errand.tools.servlet.registry.ServletSummary.Schema;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Looks servlets up, as far as a user may see them. */
@ApplicationScoped
public class Catalogue {
  // Every word must be somewhere in the slug, the description or the name of a tool. A servlet
  // of which everything was yanked is there for its owner alone.
  private static final String SEARCH =
      """
      SELECT owner, name, description, visibility, required_domains, required_config,
        servlet.created_at, modified_at, latest.address, coalesce(latest.tools, '[]') AS tools,
        (SELECT count(*) FROM installation WHERE servlet_id = servlet.id) AS installation_count
      FROM servlet
      LEFT JOIN LATERAL (
        SELECT address, tools, tool_names
        FROM servlet_version JOIN servlet_content USING (address)
        WHERE servlet_id = servlet.id AND yanked_at IS NULL
        ORDER BY number DESC LIMIT 1) AS latest ON true
      WHERE ((visibility = 'public' AND latest.address IS NOT NULL) OR owner = ?)
        AND NOT EXISTS (
          SELECT 1 FROM unnest(?) AS word
          WHERE position(lower(word) IN lower(owner || '/' || name || ' ' || description || ' '
            || coalesce(array_to_string(latest.tool_names, ' '), ''))) = 0)
      ORDER BY owner, name LIMIT ? OFFSET ?
      """;

  private final DataSource database;
  private final Versions versions;

  Catalogue(DataSource database, Versions versions) {
    this.database = database;
    this.versions = versions;
  }

  /**
   * The servlets that this user may see and that have all of the words.
   *
   * @param words parts of a slug, a description or a tool's name, in any case
   */
  @Transactional
  public List<ServletSummary> search(String username, List<String> words, int limit, int offset) {
    return RegistrySql.query(database, SEARCH, Catalogue::summary, username, words, limit, offset);
  }

  /**
   * The servlet of that owner and name.
   *
   * @throws ApiException {@link ErrorCode#SERVLET_NOT_FOUND}, also for a private one of somebody
   *     else: whether it exists is not the user's business
   */
  @Transactional
  public Servlet require(String username, String owner, String name) {
    Optional<Servlet> servlet =
        Publication.isName(owner) && Publication.isName(name)
            ? Servlet.of(owner, name)
            : Optional.empty();
    return servlet
        .filter(found -> found.isVisibleTo(username))
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.SERVLET_NOT_FOUND,
                    "There is no servlet " + owner + "/" + name + " that you may see."));
  }

  /** Whether a servlet has a version of these bytes, yanked or not. */
  @Transactional
  public Optional<Standing> standing(Servlet servlet, ContentAddress address) {
    return versions
        .isYanked(servlet.id, address)
        .map(yanked -> yanked ? Standing.YANKED : Standing.OFFERED);
  }

  /** What may be done with a version. */
  public enum Standing {
    /** It may be installed. */
    OFFERED,
    /** It was yanked: what has it keeps it, and nothing gets it anew. */
    YANKED
  }

  /**
   * What a servlet is and needs, with the tools of the bytes at an address, which the user has
   * installed. One that the user may not see any more tells nothing but those tools: what it became
   * since is not the user's business.
   */
  @Transactional
  public Meta meta(String username, Servlet servlet, ContentAddress address) {
    if (!servlet.isVisibleTo(username)) {
      return Meta.ofHidden(versions.tools(address), address.hex());
    }
    return Meta.of(
        servlet,
        versions.tools(address),
        versions.newest(servlet.id).map(ContentAddress::hex).orElse(null));
  }

  private static ServletSummary summary(ResultSet row) throws SQLException {
    return new ServletSummary(
        row.getString("owner") + "/" + row.getString("name"),
        new Meta(
            new Schema(row.getString("tools")),
            row.getString("description"),
            new Requirements(
                RegistrySql.texts(row, "required_domains"),
                RegistrySql.texts(row, "required_config")),
            row.getString("address")),
        row.getLong("installation_count"),
        row.getString("visibility"),
        row.getTimestamp("created_at").toInstant(),
        row.getTimestamp("modified_at").toInstant());
  }
}
