package dev.errand.models.loop;

import dev.errand.models.port.ModelConfig;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** The runner's configuration as it is by default, but for some keys. */
final class TestConfig {
  private TestConfig() {}

  static ModelConfig with(Map<String, String> keys) {
    SmallRyeConfigBuilder builder =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withConverter(MemorySize.class, 100, new MemorySizeConverter())
            .withMapping(ModelConfig.class);
    keys.forEach((key, value) -> builder.withDefaultValue("errand.model." + key, value));
    return builder.build().getConfigMapping(ModelConfig.class);
  }
}
