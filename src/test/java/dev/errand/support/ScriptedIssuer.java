package dev.errand.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.errand.base.secret.Sha256;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An authorization server of remote MCP servers, strict about what clients have to send: clients
 * register themselves, codes and refresh tokens are good once, and one that comes twice ends what
 * was granted.
 */
public final class ScriptedIssuer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final Map<String, JsonNode> clients = new ConcurrentHashMap<>();
  private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
  private final Set<String> refresh = ConcurrentHashMap.newKeySet();
  private final Set<String> used = ConcurrentHashMap.newKeySet();
  private final Set<String> access = ConcurrentHashMap.newKeySet();
  private final List<Map<String, String>> asked = new CopyOnWriteArrayList<>();
  private final List<String> given = new CopyOnWriteArrayList<>();
  private final List<JsonNode> registered = new CopyOnWriteArrayList<>();
  private final List<Map<String, String>> revoked = new CopyOnWriteArrayList<>();
  private final List<String> read = new CopyOnWriteArrayList<>();
  private volatile Consumer<ObjectNode> metadata = node -> {};
  private volatile Function<Map<String, String>, @Nullable Answer> tokens = form -> null;
  private volatile @Nullable String stolen;
  private volatile String path = "";
  private volatile boolean openId;
  private volatile long lifeSeconds = 3600;
  private volatile boolean refreshes = true;

  /** What the token endpoint answers. */
  public record Answer(int status, String body) {}

  public ScriptedIssuer() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  private String origin() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Who it is. */
  public String url() {
    return origin() + path;
  }

  /** The path of its name from now on. */
  public ScriptedIssuer path(String now) {
    path = now;
    return this;
  }

  /** Has metadata of OpenID Connect alone from now on. */
  public ScriptedIssuer openId() {
    openId = true;
    return this;
  }

  /** Changes what its metadata says. */
  public ScriptedIssuer metadata(Consumer<ObjectNode> change) {
    metadata = change;
    return this;
  }

  /** How long access tokens are good from now on, and whether they can be renewed. */
  public ScriptedIssuer tokens(long seconds, boolean renewable) {
    lifeSeconds = seconds;
    refreshes = renewable;
    return this;
  }

  /** What requests for tokens are answered with before anything else; null passes them on. */
  public ScriptedIssuer before(Function<Map<String, String>, @Nullable Answer> now) {
    tokens = now;
    return this;
  }

  /** What it was asked for tokens with, and by which {@code authorization}, in order. */
  public List<Map<String, String>> asked() {
    return asked;
  }

  /** All codes and tokens that it has given. */
  public List<String> given() {
    return given;
  }

  /** What clients have registered with. */
  public List<JsonNode> registered() {
    return registered;
  }

  /** What was revoked. */
  public List<Map<String, String>> revoked() {
    return revoked;
  }

  /** The paths that were read, in order. */
  public List<String> read() {
    return read;
  }

  /** A client that was made by hand. */
  public ScriptedIssuer client(String id, String secret, String redirectUri) {
    ObjectNode client = JSON.createObjectNode().put("client_secret", secret);
    client.putArray("redirect_uris").add(redirectUri);
    clients.put(id, client);
    return this;
  }

  /** Registers every client under that id from now on, which is that of another server. */
  public ScriptedIssuer steals(String id) {
    stolen = id;
    return this;
  }

  /** Sends the form of the page that asks whether to go to this server. */
  public Response confirm(RequestSpecification as, String connect) {
    return as.redirects()
        .follow(false)
        .urlEncodingEnabled(false)
        .post(
            connect
                + (connect.contains("?") ? "&" : "?")
                + "site="
                + URLEncoder.encode(origin(), StandardCharsets.UTF_8));
  }

  /** The path to which a person is redirected back, as a request for access names it. */
  public static String back(String address) {
    Map<String, String> query = parameters(URI.create(address).getRawQuery());
    return URI.create(String.valueOf(query.get("redirect_uri"))).getPath();
  }

  /** Ends all access tokens, as if their time were over. */
  public void expire() {
    access.clear();
  }

  /** Ends what was granted. */
  public void revoke() {
    access.clear();
    refresh.clear();
  }

  /** Whether a request has a good token. */
  public boolean lets(Map<String, String> headers) {
    String field = headers.getOrDefault("authorization", "");
    return field.startsWith("Bearer ") && access.contains(field.substring("Bearer ".length()));
  }

  /**
   * Answers as if a person had agreed.
   *
   * @param address where the person was led to
   * @return the parameters with which the person is led back
   */
  public Map<String, String> agree(String address) {
    URI uri = URI.create(address);
    if (!(uri.getScheme() + "://" + uri.getAuthority() + uri.getPath())
        .equals(origin() + "/authorize")) {
      throw new IllegalArgumentException("Not the authorization endpoint: " + address);
    }
    Map<String, String> query = parameters(uri.getRawQuery());
    JsonNode client = clients.get(query.get("client_id"));
    boolean good =
        client != null
            && client.path("redirect_uris").path(0).asText().equals(query.get("redirect_uri"))
            && "code".equals(query.get("response_type"))
            && "S256".equals(query.get("code_challenge_method"))
            && query.containsKey("resource");
    if (!good) {
      throw new IllegalArgumentException("Not a good request: " + address);
    }
    String code = UUID.randomUUID().toString();
    codes.put(code, query);
    given.add(code);
    Map<String, String> back = new LinkedHashMap<>();
    back.put("code", code);
    back.put("state", query.get("state"));
    back.put("iss", url());
    return back;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String asks = exchange.getRequestURI().getPath();
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (exchange.getRequestMethod().equals("GET")) {
        read.add(asks);
        boolean found =
            openId
                ? asks.equals(path + "/.well-known/openid-configuration")
                : asks.equals("/.well-known/oauth-authorization-server" + path);
        answer(exchange, found ? 200 : 404, found ? described() : "{}");
        return;
      }
      switch (asks) {
        case "/register" -> answer(exchange, 201, register(JSON.readTree(body)));
        case "/token" -> {
          Map<String, String> form = parameters(new String(body, StandardCharsets.UTF_8));
          String field = exchange.getRequestHeaders().getFirst("Authorization");
          if (field != null) {
            form.put("authorization", field);
          }
          asked.add(form);
          Answer scripted = tokens.apply(form);
          Answer answer = scripted == null ? token(form) : scripted;
          answer(exchange, answer.status(), answer.body());
        }
        case "/revoke" -> {
          revoked.add(parameters(new String(body, StandardCharsets.UTF_8)));
          answer(exchange, 200, "");
        }
        default -> answer(exchange, 404, "{}");
      }
    } catch (IOException e) {
      // The client has gone.
    }
  }

  private String described() {
    ObjectNode described = JSON.createObjectNode().put("issuer", url());
    described.put("authorization_endpoint", origin() + "/authorize");
    described.put("token_endpoint", origin() + "/token");
    described.put("registration_endpoint", origin() + "/register");
    described.put("revocation_endpoint", origin() + "/revoke");
    described.put("authorization_response_iss_parameter_supported", true);
    described.putArray("code_challenge_methods_supported").add("S256");
    described.putArray("scopes_supported").add("read").add("write").add("offline_access");
    described.putArray("token_endpoint_auth_methods_supported").add("none");
    metadata.accept(described);
    return described.toString();
  }

  private String register(JsonNode wanted) {
    registered.add(wanted);
    String theirs = stolen;
    String id = theirs == null ? "client-" + registered.size() : theirs;
    clients.put(id, wanted);
    return ((ObjectNode) wanted.deepCopy()).put("client_id", id).toString();
  }

  private Answer token(Map<String, String> form) {
    JsonNode client = clients.get(clientId(form));
    if (client == null || !isAuthentic(client, form)) {
      return new Answer(401, "{\"error\": \"invalid_client\"}");
    }
    if (!form.containsKey("resource")) {
      return new Answer(400, "{\"error\": \"invalid_target\"}");
    }
    String once =
        form.getOrDefault("grant_type", "").equals("refresh_token")
            ? form.get("refresh_token")
            : form.get("code");
    if (used.contains(once)) {
      revoke();
    }
    boolean good =
        form.getOrDefault("grant_type", "").equals("refresh_token")
            ? refresh.remove(once)
            : isGoodCode(once, form);
    if (!good) {
      return new Answer(
          400, "{\"error\": \"invalid_grant\", \"error_description\": \"It was withdrawn.\"}");
    }
    used.add(once);
    ObjectNode answer = JSON.createObjectNode().put("token_type", "bearer");
    String token = "access-" + UUID.randomUUID();
    access.add(token);
    given.add(token);
    answer.put("access_token", token).put("expires_in", lifeSeconds).put("scope", "read");
    if (refreshes) {
      String next = "refresh-" + UUID.randomUUID();
      refresh.add(next);
      given.add(next);
      answer.put("refresh_token", next);
    }
    return new Answer(200, answer.toString());
  }

  private static String clientId(Map<String, String> form) {
    return form.containsKey("authorization")
        ? basic(form, 0)
        : String.valueOf(form.get("client_id"));
  }

  private static boolean isAuthentic(JsonNode client, Map<String, String> form) {
    String secret = client.path("client_secret").textValue();
    return secret == null
        || secret.equals(
            form.containsKey("authorization") ? basic(form, 1) : form.get("client_secret"));
  }

  private static String basic(Map<String, String> form, int part) {
    String both =
        new String(
            Base64.getDecoder()
                .decode(String.valueOf(form.get("authorization")).substring("Basic ".length())),
            StandardCharsets.UTF_8);
    return URLDecoder.decode(both.split(":", 2)[part], StandardCharsets.UTF_8);
  }

  private boolean isGoodCode(@Nullable String code, Map<String, String> form) {
    Map<String, String> request = code == null ? null : codes.remove(code);
    String verifier = String.valueOf(form.get("code_verifier"));
    String challenge = Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.of(verifier));
    return request != null
        && Objects.equals(request.get("redirect_uri"), form.get("redirect_uri"))
        && Objects.equals(request.get("resource"), form.get("resource"))
        && challenge.equals(request.get("code_challenge"));
  }

  private static Map<String, String> parameters(String encoded) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String parameter : encoded.split("&", -1)) {
      String[] parts = parameter.split("=", 2);
      parameters.put(
          URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
          parts.length == 1 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return parameters;
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
