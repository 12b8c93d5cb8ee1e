package dev.errand.base.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.quarkus.arc.All;
import io.quarkus.jackson.ObjectMapperCustomizer;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;

/** Creates the mapper with which the whole application reads and writes JSON. */
// quarkus.jackson.property-naming-strategy names it, and the framework registers only annotated
// ones.
@RegisterForReflection(targets = PropertyNamingStrategies.SnakeCaseStrategy.class)
@Singleton
class ApplicationJson {
  @Produces
  @Singleton
  ObjectMapper mapper(@All List<ObjectMapperCustomizer> customizers) {
    // Otherwise each thread keeps its own buffers, even a virtual thread that waits for an answer.
    JsonFactory factory = new StorableJson().setRecyclerPool(JsonRecyclerPools.sharedBoundedPool());
    ObjectMapper mapper = new ObjectMapper(factory);
    refuseCoercion(mapper);
    customizers.stream().sorted().forEach(customizer -> customizer.customize(mapper));
    return mapper;
  }

  /**
   * Without coercion {@code "5"} is no number, {@code 1.5} no integer, {@code 1} not true, and
   * nothing may follow the end. A coerced value would be stored and answered differently than it
   * was sent.
   */
  @SuppressWarnings("deprecation") // An existing mapper has no other way to set it.
  private static void refuseCoercion(ObjectMapper mapper) {
    mapper.configure(MapperFeature.ALLOW_COERCION_OF_SCALARS, false);
    mapper.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
    mapper.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    // Keeps 0.10 distinct from 0.1, and all digits of a long number.
    mapper.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    mapper.setNodeFactory(JsonNodeFactory.withExactBigDecimals(true));
    mapper
        .coercionConfigFor(LogicalType.Textual)
        .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
        .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
  }
}
