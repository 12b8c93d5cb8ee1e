package dev.errand.app.boot;

import io.quarkus.qute.Engine;
import io.quarkus.qute.EngineBuilder;
import io.quarkus.qute.TemplateLocator;
import io.quarkus.qute.Variant;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.Reader;
import java.io.StringReader;
import java.util.Optional;

/**
 * Parses each template at its first use. The framework would parse all of them at the start, which
 * a process that never shows a page can do without: until it has done so, each is empty.
 */
@Singleton
class TemplatesOnFirstUse {
  private static final TemplateLocator.TemplateLocation EMPTY =
      new TemplateLocator.TemplateLocation() {
        @Override
        public Reader read() {
          return new StringReader("");
        }

        @Override
        public Optional<Variant> getVariant() {
          return Optional.empty();
        }
      };

  private volatile boolean isStarting = true;

  void begin(@Observes EngineBuilder builder) {
    isStarting = true;
    builder.addLocator(
        new TemplateLocator() {
          @Override
          public int getPriority() {
            return Integer.MAX_VALUE;
          }

          @Override
          public Optional<TemplateLocation> locate(String id) {
            return isStarting ? Optional.of(EMPTY) : Optional.empty();
          }
        });
  }

  void end(@Observes Engine engine) {
    isStarting = false;
    engine.clearTemplates();
  }
}
