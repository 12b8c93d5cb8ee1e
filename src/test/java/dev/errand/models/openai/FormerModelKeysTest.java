package dev.errand.models.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.models.port.ModelConfig;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A start with the former names of keys works as before. */
class FormerModelKeysTest {

  private static SmallRyeConfig config(Map<String, String> env, Map<String, String> file) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .addDiscoveredInterceptors()
        .withConverter(MemorySize.class, 100, new MemorySizeConverter())
        .withSources(new EnvConfigSource(env, 300), new PropertiesConfigSource(file, "file", 260))
        .withMapping(ModelConfig.class)
        .withMapping(OpenAiConfig.class)
        .build();
  }

  private static ModelConfig models(Map<String, String> env, Map<String, String> file) {
    return config(env, file).getConfigMapping(ModelConfig.class);
  }

  @Test
  void aKeyIsReadByEitherName() {
    assertEquals(
        Duration.ofMinutes(3), models(Map.of("ERRAND_OPENAI_TIMEOUT", "PT3M"), Map.of()).timeout());
    assertEquals(
        Duration.ofMinutes(3), models(Map.of("ERRAND_MODEL_TIMEOUT", "PT3M"), Map.of()).timeout());
    assertEquals(
        Duration.ofMinutes(3),
        models(Map.of(), Map.of("errand.openai.retry.longest-back-off", "PT3M"))
            .retry()
            .longestBackOff());
    assertEquals(
        Duration.ofMinutes(3),
        models(Map.of("ERRAND_OPENAI_RETRY_LONGEST_BACK_OFF", "PT3M"), Map.of())
            .retry()
            .longestBackOff());
    assertEquals(Duration.ofMinutes(10), models(Map.of(), Map.of()).timeout());
  }

  @Test
  void thePresentNameWins() {
    assertEquals(
        7,
        models(Map.of("ERRAND_OPENAI_MAX_PICTURES", "3"), Map.of("errand.model.max-pictures", "7"))
            .maxPictures());
    assertEquals(
        7,
        models(
                Map.of("ERRAND_OPENAI_MAX_PICTURES", "3", "ERRAND_MODEL_MAX_PICTURES", "7"),
                Map.of())
            .maxPictures());
  }

  @Test
  void namesWithinKeysAreFoundByEitherName() {
    ModelConfig models =
        models(
            Map.of(
                "ERRAND_OPENAI_PRICES_OLD_MODEL",
                "m1",
                "ERRAND_OPENAI_PRICES_OLD_PROMPT",
                "1.5",
                "ERRAND_OPENAI_PRICES_OLD_COMPLETION",
                "2"),
            Map.of(
                "errand.model.prices.new.model",
                "m2",
                "errand.model.prices.new.prompt",
                "3",
                "errand.model.prices.new.completion",
                "4",
                "errand.openai.endpoints.near.url",
                "http://near/v1",
                "errand.openai.endpoints.near.keyless",
                "true"));
    assertEquals(Set.of("old", "new"), models.prices().keySet());
    assertEquals(1.5, Objects.requireNonNull(models.prices().get("old")).prompt());
    assertEquals("m2", Objects.requireNonNull(models.prices().get("new")).model());
    ModelConfig.Endpoint near = Objects.requireNonNull(models.endpoints().get("near"));
    assertEquals(URI.create("http://near/v1"), near.url());
    assertTrue(near.keyless());
  }

  @Test
  void theServerOfTheRunnerKeepsItsName() {
    SmallRyeConfig config = config(Map.of("ERRAND_OPENAI_BASE_URL", "http://a/v1"), Map.of());
    assertEquals(URI.create("http://a/v1"), config.getConfigMapping(OpenAiConfig.class).baseUrl());
  }

  @Test
  void anErrorNamesThePresentKey() {
    Map<String, String> wrong = Map.of("ERRAND_OPENAI_STREAM", "perhaps");
    ConfigValidationException e =
        assertThrows(ConfigValidationException.class, () -> config(wrong, Map.of()));
    assertTrue(e.getProblem(0).getMessage().contains("errand.model.stream"), e.getMessage());
  }
}
