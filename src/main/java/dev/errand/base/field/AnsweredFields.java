package dev.errand.base.field;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotationIntrospectorPair;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.Set;

/** Lets requests ignore what only the server sets, so that the answer of a GET can be PUT. */
@Singleton
class AnsweredFields implements ObjectMapperCustomizer {
  @Override
  public void customize(ObjectMapper mapper) {
    mapper.setAnnotationIntrospector(
        AnnotationIntrospectorPair.pair(
            new Ignored(), mapper.getDeserializationConfig().getAnnotationIntrospector()));
  }

  private static final class Ignored extends NopAnnotationIntrospector {
    private static final long serialVersionUID = 1L;

    @Override
    public JsonIgnoreProperties.Value findPropertyIgnoralByName(
        MapperConfig<?> config, Annotated annotated) {
      ApiSchema schema = annotated.getRawType().getAnnotation(ApiSchema.class);
      if (schema == null || schema.answer() == void.class) {
        return JsonIgnoreProperties.Value.empty();
      }
      Set<String> answered = new HashSet<>(DeclaredFields.of(schema.answer()).names());
      answered.removeAll(DeclaredFields.of(annotated.getRawType()).names());
      return JsonIgnoreProperties.Value.forIgnoredProperties(answered);
    }
  }
}
