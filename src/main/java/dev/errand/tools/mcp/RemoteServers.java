package dev.errand.tools.mcp;

import dev.errand.base.egress.address.EgressRefusedException;
import dev.errand.base.egress.address.Target;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.secret.SealBrokenException;
import dev.errand.tools.mcp.pin.FoundTools;
import dev.errand.tools.mcp.pin.ToolChange;
import dev.errand.tools.mcp.pin.ToolSet;
import dev.errand.tools.mcp.pin.ToolSetReader;
import dev.errand.tools.mcp.pin.ToolSets;
import dev.errand.tools.mcp.pin.VisibleText;
import dev.errand.tools.mcp.wire.McpClient;
import dev.errand.tools.mcp.wire.McpEndpoint;
import dev.errand.tools.mcp.wire.McpException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Asks remote servers for their tools, when they are installed and later on. */
@ApplicationScoped
public class RemoteServers {
  private final McpClient client;
  private final ToolSetReader reader;
  private final RemoteServerStore store;
  private final ToolSets sets;
  private final RemoteToolsConfig config;

  RemoteServers(
      McpClient client,
      ToolSetReader reader,
      RemoteServerStore store,
      ToolSets sets,
      RemoteToolsConfig config) {
    this.client = client;
    this.reader = reader;
    this.store = store;
    this.sets = sets;
    this.config = config;
  }

  /**
   * Asks a server that somebody wants to install. Not to be called in a transaction.
   *
   * @throws ApiException when the request is not valid, or the server lists no tools
   */
  public AskedServer ask(RemoteServerRequest wanted) throws InterruptedException {
    Map<String, String> headers = wanted.checkedHeaders();
    headers.forEach(
        (name, value) -> {
          if (value.equals(RemoteServerRequest.SET)) {
            throw noValue(name);
          }
        });
    return ask(
        new McpEndpoint(wanted.checkedUrl(), headers), wanted.checkedAuth(!headers.isEmpty()));
  }

  /**
   * Asks a server whose address or header fields somebody changes; empty where nothing changes. Not
   * to be called in a transaction.
   *
   * @param replace whether header fields that are not named are removed
   * @throws ApiException when the request is not valid, or the server lists no tools
   */
  public Optional<AskedServer> askChanged(
      RemoteServer present, RemoteServerRequest wanted, boolean replace)
      throws InterruptedException {
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
          "The header fields are for the former server and are not sent to another: give them again in"
              + " mcp.headers.");
    }
    String auth = wanted.checkedAuth(!headers.isEmpty());
    McpEndpoint endpoint = new McpEndpoint(url, headers);
    boolean isSame =
        url.equals(present.url()) && headers.equals(before) && auth.equals(present.auth());
    return isSame ? Optional.empty() : Optional.of(ask(endpoint, auth));
  }

  // A request that brings all header fields replaces those that can't be opened.
  private Map<String, String> opened(
      RemoteServer present, RemoteServerRequest wanted, boolean replace) {
    try {
      return store.headers(present);
    } catch (SealBrokenException e) {
      if (replace && wanted.headers() != null) {
        return Map.of();
      }
      throw ApiException.invalid(
          "mcp.headers", "are kept so that they can't be opened: replace all of them");
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
        "mcp.headers." + header, "has no value yet that \"set\" could stand for");
  }

  private AskedServer ask(McpEndpoint endpoint, String auth) throws InterruptedException {
    String _ = origin(endpoint.url());
    try {
      return new AskedServer(endpoint, auth, list(endpoint, config.listTime()));
    } catch (McpException e) {
      throw new ApiException(
          e.kind() == McpException.Kind.REFUSED
              ? ErrorCode.EGRESS_REFUSED
              : ErrorCode.MCP_SERVER_FAILED,
          VisibleText.of(e.sentence()));
    }
  }

  /**
   * Asks a server for its tools. Not to be called in a transaction.
   *
   * @param most how long it may take, where that is less than {@link #listTime}
   * @throws McpException when it lists none
   */
  public FoundTools list(RemoteServer server, Duration most)
      throws McpException, InterruptedException {
    Duration time = most.compareTo(config.listTime()) < 0 ? most : config.listTime();
    try {
      return list(store.endpoint(server), time);
    } catch (SealBrokenException e) {
      throw new McpException(
          McpException.Kind.UNAUTHORIZED,
          "The header fields can't be opened: they must be set again.");
    }
  }

  /** How long a server may take to list its tools. */
  public Duration listTime() {
    return config.listTime();
  }

  private FoundTools list(McpEndpoint endpoint, Duration time)
      throws McpException, InterruptedException {
    return reader.check(client.list(endpoint, time, RemoteToolsConfig.bytes(config.list())));
  }

  /**
   * A server as answers show it.
   *
   * @param pinned the digest of its pinned tools
   */
  public McpView view(RemoteServer server, String pinned) {
    return McpView.of(server, change(server, pinned));
  }

  private @Nullable ToolChange change(RemoteServer server, String pinned) {
    if (server.changeDigest() == null || server.changedAt() == null) {
      return null;
    }
    Optional<ToolSet> before = sets.find(pinned);
    Optional<ToolSet> after = sets.find(server.changeDigest());
    return before.isPresent() && after.isPresent()
        ? ToolChange.of(before.get(), after.get(), server.changedAt())
        : null;
  }
}
