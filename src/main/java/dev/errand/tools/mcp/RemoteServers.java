package dev.errand.tools.mcp;

import dev.errand.base.egress.address.EgressRefusedException;
import dev.errand.base.egress.address.Target;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.secret.SealBrokenException;
import dev.errand.tools.mcp.wire.McpClient;
import dev.errand.tools.mcp.wire.McpEndpoint;
import dev.errand.tools.mcp.wire.McpException;
import dev.errand.tools.mcp.wire.McpFailure;
import dev.errand.tools.mcp.wire.VisibleText;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Lists the tools of remote servers, at their installation and later. */
@ApplicationScoped
public class RemoteServers {
  private final McpClient client;
  private final ToolSetReader reader;
  private final AuthorizedRequests requests;
  private final OAuthChoices oauth;
  private final RemoteServerStore store;
  private final RemoteToolsConfig config;

  RemoteServers(
      McpClient client,
      ToolSetReader reader,
      AuthorizedRequests requests,
      OAuthChoices oauth,
      RemoteServerStore store,
      RemoteToolsConfig config) {
    this.client = client;
    this.reader = reader;
    this.requests = requests;
    this.oauth = oauth;
    this.store = store;
    this.config = config;
  }

  /**
   * Lists the tools of a server that is being installed. Not to be called in a transaction.
   *
   * @throws ApiException when the request is not valid, or the server lists no tools
   */
  public AskedServer ask(RemoteServerRequest wanted) throws InterruptedException {
    if (OAuthChoices.isWanted(wanted, null)) {
      return oauth.ask(wanted);
    }
    Map<String, String> headers = wanted.checkedHeaders();
    headers.forEach(
        (name, value) -> {
          if (value.equals(RemoteServerRequest.SET)) {
            throw noValue(name);
          }
        });
    String url = wanted.checkedUrl();
    String auth = wanted.checkedAuth(!headers.isEmpty(), RemoteServerRequest.NONE);
    return ask(new McpEndpoint(url, headers), auth);
  }

  /**
   * Lists the tools of a server whose address or header fields are being changed; empty where
   * nothing changes. Not to be called in a transaction.
   *
   * @param replace whether header fields that are not named are removed
   * @throws ApiException when the request is not valid, or the server lists no tools
   */
  public Optional<AskedServer> askChanged(
      RemoteServer present, RemoteServerRequest wanted, boolean replace)
      throws InterruptedException {
    if (OAuthChoices.isWanted(wanted, present)) {
      return oauth.askChanged(present, wanted, replace);
    }
    Map<String, String> before = opened(present, wanted, replace);
    String url = wanted.url() == null ? present.url() : wanted.checkedUrl();
    boolean elsewhere = !origin(url).equals(origin(present.url()));
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    boolean keepsOthers = wanted.headers() == null || !replace;
    if (keepsOthers) {
      headers.putAll(before);
    }
    if (wanted.headers() != null) {
      wanted.headers().keySet().forEach(headers::remove);
    }
    boolean keeps = !headers.isEmpty();
    for (Map.Entry<String, String> header : wanted.checkedHeaders().entrySet()) {
      String value = header.getValue();
      if (value.equals(RemoteServerRequest.SET)) {
        keeps = true;
        value = before.get(header.getKey());
        if (value == null) {
          throw noValue(header.getKey());
        }
      }
      headers.put(header.getKey(), value);
    }
    if (elsewhere && keeps) {
      throw new ApiException(
          ErrorCode.KEY_REQUIRED,
          "The header fields are for the previous server and are not sent to another: send them again"
              + " in mcp.headers.");
    }
    String auth = wanted.checkedAuth(!headers.isEmpty(), present.auth());
    McpEndpoint endpoint = new McpEndpoint(url, headers);
    boolean isSame =
        url.equals(present.url()) && headers.equals(before) && auth.equals(present.auth());
    return isSame ? Optional.empty() : Optional.of(ask(endpoint, auth));
  }

  // A request with all header fields replaces those that can't be opened.
  private Map<String, String> opened(
      RemoteServer present, RemoteServerRequest wanted, boolean replace) {
    try {
      return store.headers(present);
    } catch (SealBrokenException e) {
      if (replace && wanted.headers() != null) {
        return Map.of();
      }
      throw ApiException.invalid(
          "mcp.headers", "are stored but can't be opened: replace all of them");
    }
  }

  private static String origin(String url) {
    try {
      return Target.parse(url).origin();
    } catch (EgressRefusedException e) {
      throw ApiException.invalid("mcp.url", "can't be called: " + e.getMessage());
    }
  }

  private static ApiException noValue(String header) {
    return ApiException.invalid(
        "mcp.headers." + header, "has no stored value that \"set\" could keep");
  }

  private AskedServer ask(McpEndpoint endpoint, String auth) throws InterruptedException {
    String _ = origin(endpoint.url());
    try {
      return new AskedServer(endpoint, auth, list(endpoint, config.listTime()), null);
    } catch (McpException e) {
      String why = VisibleText.of(e.sentence());
      if (e.kind() == McpFailure.REFUSED) {
        throw new ApiException(
            ErrorCode.EGRESS_REFUSED, why, List.of(new ApiException.FieldError("mcp.url", why)));
      }
      throw new ApiException(
          ErrorCode.MCP_SERVER_FAILED,
          why
              + (e.challenge().contains("resource_metadata")
                  ? " A person can connect it: install it with \"auth\": \"oauth\"."
                  : ""));
    }
  }

  /**
   * Lists a server's tools. Not to be called in a transaction.
   *
   * @param most the time limit, if it is shorter than {@link #listTime}
   */
  public FoundTools list(RemoteServer server, Duration most)
      throws McpException, InterruptedException {
    Duration time = most.compareTo(config.listTime()) < 0 ? most : config.listTime();
    return requests.ask(server, time, endpoint -> list(endpoint, time));
  }

  /** How long a server may take to list its tools. */
  public Duration listTime() {
    return config.listTime();
  }

  private FoundTools list(McpEndpoint endpoint, Duration time)
      throws McpException, InterruptedException {
    try (McpClient.Listing listing =
        client.list(endpoint, time, McpToolSource.bytes(config.list()))) {
      return reader.check(listing);
    }
  }
}
