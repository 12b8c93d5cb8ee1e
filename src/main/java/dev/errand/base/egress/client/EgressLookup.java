package dev.errand.base.egress.client;

import dev.errand.base.egress.address.EgressPolicy;
import dev.errand.base.egress.address.EgressRefusedException;
import dev.errand.base.egress.address.Target;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Resolves a URL to the addresses that the {@link EgressPolicy} allows. */
@Singleton
public final class EgressLookup {
  /**
   * How many names are looked up at once; a name whose servers do not answer takes a place for a
   * while.
   */
  private static final int MOST_AT_ONCE = 128;

  private final EgressPolicy policy;
  private final HostResolver resolver;

  // The platform's resolver can't be interrupted and blocks its thread, even a virtual thread's
  // carrier.
  private final ExecutorService threads =
      new ThreadPoolExecutor(
          0,
          MOST_AT_ONCE,
          10,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().daemon().name("egress-lookup-", 0).factory());

  @Inject
  public EgressLookup(EgressPolicy policy, HostResolver resolver) {
    this.policy = policy;
    this.resolver = resolver;
  }

  @PreDestroy
  void close() {
    threads.shutdownNow();
  }

  /**
   * Checks a URL and resolves its host. The check holds only for connections to one of the returned
   * addresses: another lookup of the name may return others.
   *
   * @param url an absolute URL
   * @return the addresses that may be called, in the order in which to try them; never none
   * @throws EgressRefusedException when the URL or every address behind it may not be called; the
   *     message says why, and by which setting it could be
   * @throws IOException when the host can't be found in time; the message may be shown
   */
  public List<InetAddress> resolve(URI url, Duration patience)
      throws IOException, InterruptedException {
    return resolve(Target.parse(url.toString()), Deadline.in(patience));
  }

  List<InetAddress> resolve(Target target, Deadline deadline)
      throws IOException, InterruptedException {
    policy.check(target);
    return policy.permitted(target, addresses(target, deadline));
  }

  /** The addresses of a host, unchecked. */
  List<InetAddress> addresses(Target target, Deadline deadline)
      throws IOException, InterruptedException {
    Optional<InetAddress> literal = target.host().address();
    return literal.isPresent() ? List.of(literal.get()) : ask(target.host().name(), deadline);
  }

  private List<InetAddress> ask(String name, Deadline deadline)
      throws IOException, InterruptedException {
    Future<List<InetAddress>> answer;
    try {
      answer = threads.submit(() -> resolver.resolve(name));
    } catch (RejectedExecutionException e) {
      throw new IOException(
          "The host " + name + " can't be looked up now: too many lookups are under way.", e);
    }
    try {
      return answer.get(deadline.left(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw (SocketTimeoutException)
          new SocketTimeoutException("The host " + name + " was not found in time.").initCause(e);
    } catch (ExecutionException e) {
      String sentence =
          e.getCause() instanceof UnknownHostException
              ? "The host " + name + " is not known."
              : "The host " + name + " can't be looked up.";
      throw new IOException(sentence, e.getCause());
    } finally {
      answer.cancel(true);
    }
  }
}
