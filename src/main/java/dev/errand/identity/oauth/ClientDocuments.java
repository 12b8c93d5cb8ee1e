package dev.errand.identity.oauth;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.base.egress.client.GuardedHttp;
import dev.errand.base.egress.client.GuardedHttp.Request;
import dev.errand.base.json.Json;
import dev.errand.base.limit.LruCache;
import dev.errand.base.limit.RateBuckets;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the documents of clients whose id is an address (OAuth Client ID Metadata Document): at
 * most 16 KiB, within 10 seconds, without following redirects. This process keeps the 1,000 that
 * were used last, for as long as their caching allows: at most a day, an hour where they do not
 * say.
 */
@ApplicationScoped
public class ClientDocuments {
  private static final int LARGEST = 16 * 1024;
  private static final int LONGEST_ID = 1000;
  private static final int MOST_KNOWN = 1000;
  private static final int OK = 200;
  private static final int PER_MINUTE = 30;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration USUAL = Duration.ofHours(1);
  private static final Duration LONGEST = Duration.ofDays(1);
  private static final Pattern MAX_AGE =
      Pattern.compile("(?:^|[\\s,])max-age\\s*=\\s*\"?([0-9]{1,9})", Pattern.CASE_INSENSITIVE);

  private final GuardedHttp http;
  private final Json json;
  private final Clock clock;
  private final RateBuckets reads;
  private final LruCache<String, CachedClient> known = new LruCache<>(MOST_KNOWN);

  ClientDocuments(GuardedHttp http, Json json, Clock clock) {
    this.http = http;
    this.json = json;
    this.clock = clock;
    this.reads = new RateBuckets(clock);
  }

  private record CachedClient(OAuthClient client, Instant until) {}

  /** Why a document is refused; the message is a sentence for the user. */
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String why) {
      super(why);
    }
  }

  /** Whether an id is that of a client with a document, even if it is malformed. */
  public static boolean isDocument(String clientId) {
    return clientId.toLowerCase(Locale.ROOT).startsWith("https:")
        || clientId.toLowerCase(Locale.ROOT).startsWith("http:");
  }

  /**
   * The client that a document describes. Blocks the calling thread while it is read.
   *
   * @param address the address of the document, which is the id of the client
   * @param user the user, who may make this process read 30 documents per minute
   * @throws RefusedException where it can't be read, or does not describe such a client
   */
  public OAuthClient read(String address, UUID user) throws RefusedException {
    Instant now = clock.instant();
    Optional<CachedClient> before = known.find(address).filter(found -> found.until.isAfter(now));
    if (before.isPresent()) {
      return before.get().client;
    }
    URI uri = checked(address);
    if (!reads.use(user.toString(), PER_MINUTE).granted()) {
      throw new RefusedException("Too many unknown clients were requested: try again in a minute.");
    }
    GuardedHttp.Answer answer = fetch(uri);
    OAuthClient client = described(address, uri.getHost(), answer);
    Duration life = life(answer);
    known.remove(address);
    if (life.isPositive()) {
      known.put(address, new CachedClient(client, now.plus(life)));
    }
    return client;
  }

  private static URI checked(String address) throws RefusedException {
    try {
      URI uri = new URI(address);
      String path = uri.getRawPath();
      if (address.length() <= LONGEST_ID
          && "https".equals(uri.getScheme())
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawFragment() == null
          && path != null
          && path.length() > 1
          && uri.normalize().equals(uri)
          && !path.toLowerCase(Locale.ROOT).contains("%2e")) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Refused below.
    }
    throw new RefusedException(
        "The id of a client with a document is an https address with a path and without a"
            + " fragment, a user or dot segments.");
  }

  private GuardedHttp.Answer fetch(URI uri) throws RefusedException {
    try {
      // A redirect is not followed: the document is where the id says.
      return http.send(
          new Request(
              "GET",
              uri.toString(),
              Map.of("Accept", "application/json"),
              new byte[0],
              List.of(uri.getHost()),
              PATIENCE,
              LARGEST,
              0));
    } catch (IOException e) {
      throw new RefusedException("The document of the client can't be read: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException("The document of the client was not read: try again.");
    }
  }

  private OAuthClient described(String address, String host, GuardedHttp.Answer answer)
      throws RefusedException {
    if (answer.status() != OK) {
      throw new RefusedException(
          "The document of the client has the status " + answer.status() + ".");
    }
    String type = String.join(",", answer.headers().getOrDefault("content-type", List.of()));
    JsonNode document = json.parse(answer.body()).orElse(null);
    if (document == null || !document.isObject() || !isJson(type)) {
      throw new RefusedException("The document of the client is not JSON.");
    }
    if (!document.path("client_id").asText().equals(address)) {
      throw new RefusedException("The document belongs to another client.");
    }
    String method = document.path("token_endpoint_auth_method").asText("none");
    if (!method.equals("none") || document.has("client_secret")) {
      throw new RefusedException(
          "The document of the client requires the authentication `"
              + method
              + "`, which is not supported: only `none` is.");
    }
    List<String> uris = texts(document.path("redirect_uris"));
    String problem = uris == null ? "They are missing." : RedirectUris.problem(uris).orElse(null);
    if (uris == null || problem != null) {
      throw new RefusedException(
          "The redirect addresses in the document of the client are not valid. " + problem);
    }
    return new OAuthClient(
        UUID.randomUUID(),
        address,
        OAuthClient.Kind.DOCUMENT,
        OAuthClient.nameIn(document, host),
        uris,
        null);
  }

  private static boolean isJson(String type) {
    String media = type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    return media.equals("application/json") || media.endsWith("+json");
  }

  /** The texts of a list; null where it is none. */
  static @Nullable List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    for (JsonNode item : list) {
      if (!item.isTextual()) {
        return null;
      }
      texts.add(item.asText());
    }
    return list.isArray() ? texts : null;
  }

  private static Duration life(GuardedHttp.Answer answer) {
    String control =
        String.join(",", answer.headers().getOrDefault("cache-control", List.of()))
            .toLowerCase(Locale.ROOT);
    if (control.contains("no-store") || control.contains("no-cache")) {
      return Duration.ZERO;
    }
    Matcher age = MAX_AGE.matcher(control);
    Duration life = age.find() ? Duration.ofSeconds(Long.parseLong(age.group(1))) : USUAL;
    return life.compareTo(LONGEST) > 0 ? LONGEST : life;
  }
}
