package dev.errand.base.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
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
    customizers.stream().sorted().forEach(customizer -> customizer.customize(mapper));
    return mapper;
  }
}
