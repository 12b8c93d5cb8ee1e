package dev.errand.base.http;

import dev.errand.base.database.StorableText;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/**
 * Divides lists into pages and builds the address of the next page for the {@code Link} header. A
 * client without a limit gets the whole list, up to {@link #MOST} items.
 */
@ApplicationScoped
public class Paging {
  /** The query parameter with the position at which a list continues. */
  public static final String CURSOR = "cursor";

  /** How many items a page has at most. */
  public static final int MOST = 1000;

  private static final String AFTER = "after:";

  private static final String CALLER = "~";

  private final PublicUrl base;
  // Of the current request.
  private final SecurityIdentity identity;

  Paging(PublicUrl base, SecurityIdentity identity) {
    this.base = base;
    this.identity = identity;
  }

  /**
   * The part of a list that a request asks for.
   *
   * @param after the key of the item that it follows; empty for the first part
   */
  public record Part(int limit, String after) {
    /** The first part, as long as can be. */
    public static final Part FIRST = new Part(MOST, "");

    /**
     * The part that the parameters of a request name.
     *
     * @throws ApiException that names each of them which is wrong
     */
    public static Part of(@Nullable String limit, @Nullable String cursor) {
      InvalidFields wrong = new InvalidFields();
      Part part =
          new Part(
              limit == null
                  ? MOST
                  : wrong.read(() -> QueryNumber.of("limit", limit, 1, MOST), MOST),
              cursor == null ? "" : wrong.read(() -> keyIn(cursor), ""));
      wrong.refuse();
      return part;
    }

    /** How many items to read: with one more than the limit, it is known that there are more. */
    public int read() {
      return limit + 1;
    }
  }

  /**
   * One page of a list.
   *
   * @param next the address of the next page; null for the last one
   */
  public record Page<T>(List<T> items, @Nullable URI next) {
    /** Adds the address of the next page to an answer. */
    public <V> RestResponse.ResponseBuilder<V> linked(RestResponse.ResponseBuilder<V> answer) {
      return next == null ? answer : answer.link(next, "next");
    }

    /** The answer that has this page, each item as clients see it. */
    public <V> RestResponse<List<V>> answer(Function<T, V> view) {
      return linked(RestResponse.ResponseBuilder.ok(items.stream().map(view).toList())).build();
    }
  }

  /**
   * Part of a list.
   *
   * @param hasMore whether the list continues behind these items, of which there may be fewer than
   *     asked for
   */
  public record Listed<T>(List<T> items, boolean hasMore) {}

  /**
   * The page of a part of a list.
   *
   * @param key the key by which the list is ordered
   */
  public <T> Page<T> page(UriInfo request, Listed<T> listed, Function<T, String> key) {
    return new Page<>(
        listed.items(),
        listed.hasMore() ? next(request, cursorAfter(key.apply(listed.items().getLast()))) : null);
  }

  /**
   * The page of what was read.
   *
   * @param read the items of the part, in the order of their keys, as many as {@link Part#read}
   * @param key the key by which the list is ordered
   */
  public <T> Page<T> page(UriInfo request, Part part, List<T> read, Function<T, String> key) {
    if (read.size() <= part.limit()) {
      return new Page<>(read, null);
    }
    List<T> items = read.subList(0, part.limit());
    return new Page<>(items, next(request, cursorAfter(key.apply(items.getLast()))));
  }

  /**
   * The address of the next page of the requested list. A user that the request names by {@code ~}
   * is named in it.
   *
   * @param cursor its position; the other parameters of the request stay
   */
  public URI next(UriInfo request, String cursor) {
    return next(request, CURSOR, cursor);
  }

  /** The same of a list whose position is in another parameter. */
  public URI next(UriInfo request, String parameter, String position) {
    StringBuilder query = new StringBuilder();
    request
        .getQueryParameters()
        .forEach(
            (name, values) -> {
              if (!name.equals(parameter)) {
                values.forEach(value -> query.append(parameter(name, value)).append('&'));
              }
            });
    return URI.create(
        UriBuilder.fromUri(base.orElse(request::getBaseUri)).path(path(request)).build()
            + "?"
            + query
            + parameter(parameter, position));
  }

  // Where the path itself has `~`, as that of one's own providers, there is no other address.
  private String path(UriInfo request) {
    String path = request.getRequestUri().getRawPath();
    boolean isNamed =
        request.getPathParameters().values().stream().anyMatch(values -> values.contains(CALLER));
    return isNamed
        ? path.replaceFirst(
            "(?<=/)(~|%7[Ee])(?=/|$)", PublicUrl.encoded(identity.getPrincipal().getName()))
        : path;
  }

  /** The cursor of the part that follows the item with this key. */
  public static String cursorAfter(String key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((AFTER + key).getBytes(StandardCharsets.UTF_8));
  }

  private static String keyIn(String cursor) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      if (text.startsWith(AFTER) && StorableText.is(text)) {
        return text.substring(AFTER.length());
      }
    } catch (IllegalArgumentException e) {
      // Reported below.
    }
    throw ApiException.invalid(
        CURSOR, "is not a cursor of this service: use the address in the Link header unchanged");
  }

  private static String parameter(String name, String value) {
    return PublicUrl.encoded(name) + "=" + PublicUrl.encoded(value);
  }
}
