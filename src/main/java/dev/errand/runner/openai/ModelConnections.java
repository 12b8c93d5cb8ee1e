package dev.errand.runner.openai;

import dev.errand.egress.EgressPolicy;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.tracing.TracingPolicy;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/** Keeps the connections to models' servers, a pool for each host and port. */
@ApplicationScoped
class ModelConnections {
  private static final int CONNECTIONS_PER_SERVER = 256;
  // Less than servers keep them: a request on a connection that was just closed fails for nothing.
  private static final int IDLE_SECONDS = 30;
  // What comes in pieces has much around each of them.
  private static final int STREAMED = 32;

  private final HttpClient client;
  private final OpenAiConfig config;
  private final ModelEndpoints endpoints;
  private final EgressPolicy egress;

  @Inject
  ModelConnections(
      Vertx vertx, OpenAiConfig config, ModelEndpoints endpoints, EgressPolicy egress) {
    this.config = config;
    this.endpoints = endpoints;
    this.egress = egress;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setVerifyHost(true)
                // What is traced here is no business of the server's.
                .setTracingPolicy(TracingPolicy.IGNORE)
                .setMaxPoolSize(CONNECTIONS_PER_SERVER)
                .setKeepAliveTimeout(IDLE_SECONDS)
                .setConnectTimeout((int) config.connectTimeout().toMillis()));
  }

  @PreDestroy
  void close() {
    client.close();
  }

  /**
   * Sends a chat completion's request to an endpoint; the caller closes the exchange.
   *
   * @param streamed whether the answer is to come in pieces
   * @param isHeld is asked at the last moment whether there is still reason to send it
   */
  ModelExchange send(
      URI endpoint, String key, byte[] request, boolean streamed, BooleanSupplier isHeld) {
    boolean secure = "https".equals(endpoint.getScheme().toLowerCase(Locale.ROOT));
    int port = endpoint.getPort() >= 0 ? endpoint.getPort() : secure ? 443 : 80;
    String host = endpoint.getHost();
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setSsl(secure)
            .setHost(host)
            .setPort(port)
            .setURI(pathOf(endpoint))
            .setFollowRedirects(false)
            .putHeader("Content-Type", "application/json")
            .putHeader("Accept", "application/json, text/event-stream")
            .putHeader("User-Agent", "errand");
    if (host.startsWith("[")) {
      options.setServer(
          SocketAddress.inetSocketAddress(port, host.substring(1, host.length() - 1)));
    }
    if (!key.isEmpty()) {
      options.putHeader("Authorization", "Bearer " + key);
    }
    long most = config.maxAnswer().asLongValue();
    ModelExchange exchange = new ModelExchange(host, streamed ? most * STREAMED : most);
    boolean trusted = endpoints.isTrusted(endpoint);
    exchange.begin(client, options, request, address -> trusted || mayCall(host, address), isHeld);
    return exchange;
  }

  private static String pathOf(URI endpoint) {
    String path = endpoint.getRawPath() == null ? "" : endpoint.getRawPath();
    return (path.endsWith("/") ? path : path + "/") + "chat/completions";
  }

  // The name was checked before, but a name can be made to lead elsewhere between two look-ups:
  // what counts is the address that this connection stands on.
  private boolean mayCall(String host, SocketAddress remote) {
    try {
      return egress.permits(host, InetAddress.getByName(remote.hostAddress()), remote.port());
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
