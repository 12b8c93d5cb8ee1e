package dev.errand.base.egress.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.errand.base.egress.address.EgressPolicy;
import dev.errand.base.egress.address.EgressRefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EgressLookupTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final InetAddress PUBLIC = InetAddress.ofLiteral("8.8.8.8");
  private static final InetAddress PRIVATE = InetAddress.ofLiteral("10.0.0.1");

  @Test
  void onlyPermittedAddressesComeOut() throws Exception {
    assertEquals(
        List.of(PUBLIC),
        lookup(_ -> List.of(PRIVATE, PUBLIC)).resolve(URI.create("https://site.test"), LONG));
  }

  @Test
  void aNameOfPrivateAddressesAloneIsRefused() {
    assertThrows(
        EgressRefusedException.class,
        () -> lookup(_ -> List.of(PRIVATE)).resolve(URI.create("https://site.test"), LONG));
  }

  @Test
  void anAddressIsNotLookedUp() throws Exception {
    EgressLookup lookup =
        lookup(
            name -> {
              throw new UnknownHostException(name);
            });

    assertEquals(List.of(PUBLIC), lookup.resolve(URI.create("https://8.8.8.8/"), LONG));
  }

  @Test
  void aSlowLookupEndsAtTheDeadline() {
    assertThrows(
        SocketTimeoutException.class,
        () ->
            lookup(EgressLookupTest::never)
                .resolve(URI.create("https://site.test"), Duration.ofMillis(50)));
  }

  @Test
  void anInterruptEndsTheWaitForALookup() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    EgressLookup lookup =
        lookup(
            name -> {
              asked.countDown();
              return never(name);
            });
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    Thread caller =
        Thread.startVirtualThread(
            () -> {
              try {
                lookup.resolve(URI.create("https://site.test"), LONG);
              } catch (IOException | InterruptedException e) {
                ended.complete(e);
              }
            });
    asked.await();
    caller.interrupt();

    assertInstanceOf(InterruptedException.class, ended.get());
  }

  private static List<InetAddress> never(String name) throws UnknownHostException {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new UnknownHostException(name);
  }

  private static EgressLookup lookup(HostResolver resolver) {
    return new EgressLookup(new EgressPolicy(List.of(), List.of(), List.of("443")), resolver);
  }
}
