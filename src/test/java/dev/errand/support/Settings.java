package dev.errand.support;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/**
 * Settings of the service that tests share, beside those of all tests: {@code start} names them.
 * Tests take them by {@code @WithTestResource} with the scope of matching resources. A {@link
 * io.quarkus.test.junit.QuarkusTestProfile} says more, such as which beans there are, but loads the
 * libraries and what builds the service once more for each, and settings do not. What a library
 * keeps in static fields outlasts the start: {@link TestDatabase} clears the metrics at its end.
 */
public interface Settings extends QuarkusTestResourceLifecycleManager {
  @Override
  default void stop() {}
}
