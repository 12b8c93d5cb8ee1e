package dev.errand.adapters.serverless;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.base.http.CloudEvents;
import dev.errand.base.http.Traces;
import dev.errand.runs.worker.WorkerConfig;
import dev.errand.support.TestDatabase;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An address that no event can be sent to stops the start, and never a trigger. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class DispatcherTest {
  @Inject WorkerConfig worker;
  @Inject CloudEvents events;
  @Inject Traces traces;
  @Inject BeanManager beans;

  @ParameterizedTest
  @ValueSource(strings = {"localhost:8169/e", "/e", "http:///e", "http:e", "ftp://there/e"})
  void anInvalidAddressStopsTheStart(String url) {
    DispatchConfig config = new To(url, Optional.empty());
    String problem =
        assertThrows(IllegalStateException.class, () -> Dispatcher.check(config)).getMessage();
    assertTrue(String.valueOf(problem).contains("ERRAND_DISPATCH_URL"), problem);
    assertFalse(new Dispatcher(config, worker, events, traces).dispatch("1"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://broker/e?key=1", "HTTPS://broker:8443", ""})
  void aValidOrMissingAddressDoesNotStopTheStart(String url) {
    assertDoesNotThrow(() -> Dispatcher.check(new To(url, Optional.empty())));
  }

  @Test
  void theAddressIsCheckedAtTheStart() {
    assertTrue(
        beans.resolveObserverMethods(new StartupEvent()).stream()
            .anyMatch(method -> method.getBeanClass() == Dispatcher.class));
  }

  @Test
  void aTokenThatNoHeaderCanHoldIsAnEventThatWasNotTaken() {
    DispatchConfig config = new To("http://127.0.0.1:1/", Optional.of("a\nb"));
    assertFalse(new Dispatcher(config, worker, events, traces).dispatch("1"));
  }

  private record To(String to, Optional<String> token) implements DispatchConfig {
    @Override
    public Optional<URI> url() {
      return Optional.of(URI.create(to));
    }

    @Override
    public Optional<String> awsRegion() {
      return Optional.empty();
    }

    @Override
    public Optional<Path> tokenFile() {
      return Optional.empty();
    }

    @Override
    public Duration timeout() {
      return Duration.ofSeconds(60);
    }
  }
}
