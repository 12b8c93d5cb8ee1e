package dev.errand.tools.servlet.registry;

import dev.errand.base.database.Row;
import dev.errand.base.database.Sql;
import dev.errand.base.database.SqlStatement;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.error.SpellingSuggestion;
import dev.errand.base.field.NameRule;
import dev.errand.base.http.Paging.Listed;
import dev.errand.base.limit.FittingItems;
import dev.errand.identity.account.Caller;
import dev.errand.identity.account.Scope;
import dev.errand.tools.servlet.module.ContentAddress;
import dev.errand.tools.servlet.registry.ServletSummary.Meta;
import dev.errand.tools.servlet.registry.ServletSummary.Requirements;
import dev.errand.tools.servlet.registry.ServletSummary.Schema;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the servlets that a user may see. */
@ApplicationScoped
public class ServletCatalogue {
  /** The name of the newest version in requests. */
  public static final String LATEST = "latest";

  private static final Pattern STARS = Pattern.compile("\\*+$");
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,8}");

  private final Sql sql;
  private final ServletVersions versions;
  private final FittingItems fitting;

  ServletCatalogue(Sql sql, ServletVersions versions, FittingItems fitting) {
    this.sql = sql;
    this.versions = versions;
    this.fitting = fitting;
  }

  /**
   * A search for parts of a slug, a description or a tool's name, ignoring case.
   *
   * @param words texts that must all occur
   * @param excluded texts that must not occur
   */
  public record Query(List<String> words, List<String> excluded) {
    // Each is looked for in the texts of all servlets.
    private static final int MOST_TERMS = 32;
    // A phrase in quotes or a word; after a ! it is excluded.
    private static final Pattern TERM = Pattern.compile("(!?)(?:\"([^\"]*)\"?|([^\\s\\x00]+))");

    /**
     * The query of a text such as {@code fetch "a page" web* !javascript}. A star at the end of a
     * word has no effect, since each word also matches as a part.
     *
     * @throws ApiException {@link ErrorCode#INVALID_INPUT} for more than 32 words and phrases
     */
    public static Query of(String text) {
      List<String> words = new ArrayList<>();
      List<String> excluded = new ArrayList<>();
      Matcher term = TERM.matcher(text);
      while (term.find()) {
        String phrase = term.group(2);
        String word =
            phrase == null ? STARS.matcher(term.group(3)).replaceFirst("") : phrase.strip();
        if (!word.isEmpty() && !word.equals("!")) {
          if (words.size() + excluded.size() == MOST_TERMS) {
            throw ApiException.invalid(
                "q", "must have at most %d words and phrases".formatted(MOST_TERMS));
          }
          (term.group(1).isEmpty() ? words : excluded).add(word.replace("\0", ""));
        }
      }
      return new Query(List.copyOf(words), List.copyOf(excluded));
    }
  }

  /** The servlets that this user may see and that match a query, as many as fit into a page. */
  public Listed<ServletSummary> search(String username, Query query, int limit, int offset) {
    return fitting.read(
        username,
        limit,
        search(RegistryStatements.SEARCH_SIZES, username, query, limit + 1, offset)
            .list(row -> row.number("bytes")),
        number ->
            search(RegistryStatements.SEARCH, username, query, number, offset)
                .list(ServletCatalogue::summary));
  }

  private SqlStatement search(
      String statement, String username, Query query, int most, int offset) {
    return sql.statement(statement)
        .with("username", username)
        .with("words", "text", query.words())
        .with("excluded", "text", query.excluded())
        .with("most", most)
        .with("offset", offset);
  }

  /**
   * The servlet of that owner and name.
   *
   * @throws ApiException {@link ErrorCode#SERVLET_NOT_FOUND}, also for a private one of another
   *     user, whose existence is not revealed
   */
  @Transactional(Transactional.TxType.MANDATORY)
  public Servlet require(String username, String owner, String name) {
    Optional<Servlet> servlet =
        NameRule.PLAIN.admits(owner) && NameRule.PLAIN.admits(name)
            ? Servlet.of(owner, name)
            : Optional.empty();
    return servlet
        .filter(found -> found.isVisibleTo(username))
        .orElseThrow(
            () ->
                new ApiException(
                    ErrorCode.SERVLET_NOT_FOUND,
                    "There is no servlet %s/%s that you may see%s"
                        .formatted(
                            owner,
                            name,
                            near(username, owner, name)
                                .map("; did you mean %s?"::formatted)
                                .orElse("."))));
  }

  /** The slug of a servlet that this user may see and that was probably meant by another slug. */
  @Transactional
  public Optional<String> near(String username, String owner, String name) {
    if (!NameRule.PLAIN.admits(owner) || !NameRule.PLAIN.admits(name)) {
      return Optional.empty();
    }
    List<Slug> similar =
        sql.statement(RegistryStatements.SIMILAR)
            .with("username", username)
            .with("owner", owner)
            .with("name", name)
            .list(Slug.class);
    List<String> names =
        similar.stream().filter(s -> s.owner().equalsIgnoreCase(owner)).map(Slug::name).toList();
    List<String> owners =
        similar.stream().filter(s -> s.name().equalsIgnoreCase(name)).map(Slug::owner).toList();
    Optional<Slug> meant =
        SpellingSuggestion.of(name, names)
            .flatMap(
                near ->
                    similar.stream()
                        .filter(s -> s.name().equals(near) && s.owner().equalsIgnoreCase(owner))
                        .findFirst())
            .or(
                () ->
                    SpellingSuggestion.of(owner, owners)
                        .flatMap(
                            near ->
                                similar.stream()
                                    .filter(
                                        s ->
                                            s.owner().equals(near)
                                                && s.name().equalsIgnoreCase(name))
                                    .findFirst()));
    return meant.map(slug -> slug.owner() + "/" + slug.name());
  }

  @RegisterForReflection
  private record Slug(String owner, String name) {}

  /**
   * The address of a version that a request names by its content address, by its number, or as
   * {@code latest}, the newest that is not yanked.
   */
  @Transactional
  public Optional<ContentAddress> version(Servlet servlet, String wanted) {
    if (wanted.equals(LATEST)) {
      return versions.newest(servlet.id);
    }
    return NUMBER.matcher(wanted).matches()
        ? versions.numbered(servlet.id, Integer.parseInt(wanted))
        : ContentAddress.parse(wanted);
  }

  /** Whether a servlet has a version of these bytes, yanked or not. */
  @Transactional
  public Optional<VersionStatus> status(Servlet servlet, ContentAddress address) {
    return versions
        .isYanked(servlet.id, address)
        .map(yanked -> yanked ? VersionStatus.YANKED : VersionStatus.OFFERED);
  }

  /** The availability of a version. */
  public enum VersionStatus {
    /** It may be installed. */
    OFFERED,
    /** It was yanked: installations that have it keep it, and no other gets it. */
    YANKED
  }

  /**
   * The description of a servlet, with the tools of the bytes at an address, which the user has
   * installed. If the user may no longer see the servlet, the result has only those tools.
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

  private static ServletSummary summary(Row row) {
    return new ServletSummary(
        row.text("owner") + "/" + row.text("name"),
        new Meta(
            new Schema(row.text("tools")),
            row.text("description"),
            new Requirements(row.texts("required_domains"), row.texts("required_config")),
            row.textOrNull("address")),
        row.number("installation_count"),
        row.text("visibility"),
        row.time("created_at"),
        row.time("modified_at"));
  }

  /**
   * Checks that a caller may change the servlets of an owner.
   *
   * @throws ApiException {@link ErrorCode#FORBIDDEN} for servlets of other users
   */
  public static void checkMayPublish(Caller caller, String owner) {
    caller.require(Scope.SERVLETS);
    if (owner.equals(Servlet.BUNDLED)) {
      throw new ApiException(
          ErrorCode.FORBIDDEN,
          "The owner %s is reserved for the servlets that come with the service."
              .formatted(Servlet.BUNDLED));
    }
    if (!caller.is(owner)) {
      throw new ApiException(
          ErrorCode.FORBIDDEN,
          "You may change only your own servlets, which are named " + caller.username() + "/….");
    }
  }
}
