package dev.errand.adapters.serverless;

import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * Keeps AWS's own names in AWS's events. On Lambda the framework reads and writes such events with
 * the application's mapper, whose names are otherwise snake_case.
 */
@Singleton
class AwsNames implements ObjectMapperCustomizer {
  private static final String AWS = "com.amazonaws.";

  @Override
  public void customize(ObjectMapper mapper) {
    AnnotationIntrospector ofAws = new OfAws();
    mapper.setAnnotationIntrospectors(
        AnnotationIntrospector.pair(
            ofAws, mapper.getSerializationConfig().getAnnotationIntrospector()),
        AnnotationIntrospector.pair(
            ofAws, mapper.getDeserializationConfig().getAnnotationIntrospector()));
  }

  /** Sets the names of properties only for AWS's classes. */
  private static final class OfAws extends NopAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public @Nullable Object findNamingStrategy(AnnotatedClass type) {
      return type.getName().startsWith(AWS) ? PropertyNamingStrategies.LOWER_CAMEL_CASE : null;
    }
  }
}
