package dev.errand.base.limit;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.limit.ReadBudget.Held;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.RequestScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the current request holds of the {@link ReadBudget}, until its client has the answer. The
 * scope ends when its thread is done with it, even where the client has left before.
 */
@RequestScoped
public class RequestMemory {
  private final ReadBudget budget;
  private final CurrentVertxRequest http;
  private final List<Held> all = new ArrayList<>();
  private int stream;
  private @Nullable ConnectionGuard client;

  RequestMemory(ReadBudget budget, CurrentVertxRequest http) {
    this.budget = budget;
    this.http = http;
  }

  /**
   * Begins to hold memory, of which nothing is reserved yet.
   *
   * @param user the name of the user who asks
   */
  public Held open(String user) {
    if (all.isEmpty()) {
      findClient();
    }
    Held held = budget.open(user, List.copyOf(all), client);
    all.add(held);
    return held;
  }

  /**
   * Releases what the request holds but for so many bytes of heap, for what is left of it when it
   * is over.
   *
   * @param user the name of the user who asks
   * @return what holds these, for the caller to close
   * @throws ApiException {@link ErrorCode#UNAVAILABLE} where the request held less, and the rest
   *     was not free in time; nothing is held then
   */
  public Held keep(String user, long bytes) {
    Held kept =
        all.stream().max(Comparator.comparingLong(Held::heap)).orElseGet(() -> budget.open(user));
    all.remove(kept);
    release();
    all.clear();
    try {
      kept.keepHeap(bytes);
      if (kept.heap() < bytes) {
        kept.holdHeap(bytes - kept.heap());
      }
    } catch (RuntimeException e) {
      kept.close();
      throw e;
    }
    return kept;
  }

  private void findClient() {
    RoutingContext current = http.getCurrent();
    if (current != null && current.request().connection() instanceof ConnectionBase connection) {
      stream = current.request().streamId();
      client = ConnectionGuard.of(connection.channel());
    }
  }

  // An answer that was written as a whole may still wait for its client.
  @PreDestroy
  void end() {
    ConnectionGuard sentTo = client;
    if (sentTo == null || all.stream().allMatch(held -> held.heap() == 0)) {
      release();
    } else {
      sentTo.whenSent(stream, this::release);
    }
  }

  void release() {
    all.forEach(Held::close);
  }
}
