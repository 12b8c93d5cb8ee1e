package dev.errand.identity.auth;

import dev.errand.base.error.ApiException;
import java.util.function.Consumer;

/** A request that stays open, registered until it is closed or refused. */
public final class LongRequest implements AutoCloseable {
  private final LongRequests requests;
  private final NeededAccess needed;
  private final Consumer<ApiException> refused;

  LongRequest(LongRequests requests, NeededAccess needed, Consumer<ApiException> refused) {
    this.requests = requests;
    this.needed = needed;
    this.refused = refused;
  }

  NeededAccess needed() {
    return needed;
  }

  void refuse(ApiException why) {
    refused.accept(why);
  }

  /**
   * Checks at once, by its own statement, whether the request is still allowed, and ends it if it
   * is not. For a request whose object has disappeared, and whose answer must say why.
   *
   * @throws IllegalStateException when the database is unreachable
   */
  public void look() {
    requests.look(this);
  }

  /** Ends the registration; a second time changes nothing. */
  @Override
  public void close() {
    requests.remove(this);
  }
}
