package dev.errand.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The runner of the tasks that a test registers by {@link Api}; without it that is {@code openai}.
 * It is no setting of the service, so tests with different ones share a start. A test that extends
 * another one and only has another runner names itself as {@link jakarta.enterprise.inject.Typed}:
 * it is not asked for as the one that it extends.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(WithRunner.Choice.class)
public @interface WithRunner {
  String value();

  /** Tells {@link Api}, which may be of another class loader. */
  final class Choice implements BeforeAllCallback, AfterAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
      WithRunner runner = context.getRequiredTestClass().getAnnotation(WithRunner.class);
      System.setProperty(Api.RUNNER, runner.value());
    }

    @Override
    public void afterAll(ExtensionContext context) {
      System.clearProperty(Api.RUNNER);
    }
  }
}
