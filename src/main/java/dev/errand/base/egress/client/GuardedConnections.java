package dev.errand.base.egress.client;

import dev.errand.base.egress.address.EgressConfig;
import dev.errand.base.egress.address.EgressPolicy;
import dev.errand.base.egress.address.EgressRefusals;
import dev.errand.base.egress.address.EgressRefusedException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * An HTTP client for servers that a user named and that are called often: connections are kept, and
 * answers are read as they arrive. The {@link EgressPolicy} checks the addresses of a server before
 * each request; a connection belongs to one address, so that no unchecked address is used.
 */
@Singleton
public class GuardedConnections {
  // Less than servers keep them: a request on a connection that the server has just closed would
  // fail.
  private static final int IDLE_SECONDS = 30;
  // As many runs as a process holds at most, unless its settings say more.
  private static final int MOST_CONNECTIONS = 10_000;

  private final EgressLookup lookup;
  private final EgressRefusals refusals;
  private final HttpClient client;

  @Inject
  GuardedConnections(
      Vertx vertx,
      EgressLookup lookup,
      EgressRefusals refusals,
      EgressConfig config,
      @ConfigProperty(name = "errand.worker.most") Optional<Integer> runs,
      @ConfigProperty(name = "errand.worker.concurrency", defaultValue = "64") int concurrency) {
    this(
        vertx,
        lookup,
        refusals,
        config
            .connectionsPerAddress()
            .orElse(runs.orElse(Math.max(MOST_CONNECTIONS, concurrency + concurrency / 4)) + 1));
  }

  GuardedConnections(
      Vertx vertx, EgressLookup lookup, EgressRefusals refusals, int connectionsPerAddress) {
    this.lookup = lookup;
    this.refusals = refusals;
    this.client =
        vertx.createHttpClient(
            VertxGuardedHttp.guarded(new HttpClientOptions())
                .setKeepAlive(true)
                .setKeepAliveTimeout(IDLE_SECONDS)
                .setMaxPoolSize(connectionsPerAddress));
  }

  /**
   * A request.
   *
   * @param url an absolute {@code http} or {@code https} URL
   * @param headers header fields; those that belong to the connection are refused
   * @param timeout for the whole exchange, including reading the answer
   * @param trusted whether the operator named the URL, so that the egress rules don't apply to it
   */
  public record Request(
      String method,
      String url,
      Map<String, String> headers,
      byte[] body,
      Duration timeout,
      Duration connectTimeout,
      boolean trusted) {}

  /**
   * Checks where a request goes, and connects; nothing is sent. Blocks the calling thread, which
   * may not be an event loop. The caller closes the exchange.
   *
   * @throws EgressRefusedException when it may not be sent; no connection was tried then
   * @throws SocketTimeoutException when there is no connection in time
   * @throws IOException when the server is not found or can't be reached; the message may be shown
   */
  public GuardedExchange connect(Request request) throws IOException, InterruptedException {
    if (Context.isOnEventLoopThread()) {
      throw new IllegalStateException("An event loop may not wait for a connection.");
    }
    try {
      Deadline deadline = Deadline.in(request.timeout());
      HttpAttempt call =
          HttpAttempt.of(request.method(), request.url(), request.headers(), request.body());
      List<InetAddress> addresses =
          request.trusted()
              ? lookup.addresses(call.target(), deadline)
              : lookup.resolve(call.target(), deadline);
      return GuardedExchange.connect(client, call, addresses, request.connectTimeout(), deadline);
    } catch (EgressRefusedException e) {
      refusals.refused(e.reason());
      throw e;
    }
  }

  @PreDestroy
  void close() {
    client.close();
  }
}
