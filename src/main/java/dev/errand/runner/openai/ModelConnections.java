package dev.errand.runner.openai;

import dev.errand.egress.EgressPolicy;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.net.SocketAddress;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;

/** Keeps one client, and so one set of connections, for each model endpoint in use. */
@ApplicationScoped
class ModelConnections {
  private static final int CONNECTIONS_PER_ENDPOINT = 256;
  private static final int ENDPOINTS_KEPT = 256;

  private final ConcurrentMap<URI, ChatCompletions> clients = new ConcurrentHashMap<>();
  private final OpenAiConfig config;
  private final ModelEndpoints endpoints;
  private final EgressPolicy egress;

  @Inject
  ModelConnections(OpenAiConfig config, ModelEndpoints endpoints, EgressPolicy egress) {
    this.config = config;
    this.endpoints = endpoints;
    this.egress = egress;
  }

  ChatCompletions to(URI endpoint) {
    ChatCompletions known = clients.get(endpoint);
    if (known != null) {
      return known;
    }
    if (clients.size() >= ENDPOINTS_KEPT) {
      // Tasks name endpoints freely: past this, starting over costs only new connections.
      clients.clear();
    }
    return clients.computeIfAbsent(endpoint, this::build);
  }

  private ChatCompletions build(URI endpoint) {
    QuarkusRestClientBuilder builder =
        QuarkusRestClientBuilder.newBuilder()
            .baseUri(endpoint)
            .disableDefaultMapper(true)
            .followRedirects(false)
            .connectTimeout(config.connectTimeout().toMillis(), TimeUnit.MILLISECONDS)
            .readTimeout(config.timeout().toMillis(), TimeUnit.MILLISECONDS)
            .property("io.quarkus.rest.client.connection-pool-size", CONNECTIONS_PER_ENDPOINT);
    long most = config.maxAnswer().asLongValue();
    builder.httpClientRequestCustomizer(request -> AnswerCap.on(request, most));
    if (!endpoints.isTrusted(endpoint)) {
      builder.httpClientRequestCustomizer(request -> refuseIfInside(endpoint, request));
    }
    return builder.build(ChatCompletions.class);
  }

  // The name was checked before, but a name can be made to lead elsewhere between two look-ups:
  // what counts is the address that this connection stands on, before a byte of the request is
  // sent.
  private void refuseIfInside(URI endpoint, HttpClientRequest request) {
    SocketAddress remote = request.connection().remoteAddress();
    boolean permitted;
    try {
      permitted =
          egress.permits(
              endpoint.getHost(), InetAddress.getByName(remote.hostAddress()), remote.port());
    } catch (UnknownHostException e) {
      permitted = false;
    }
    if (!permitted) {
      request.reset(0L, new AddressRefusedException(endpoint.getHost()));
    }
  }
}
