package dev.errand.base.field;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.errand.base.json.CheckedRequest;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jspecify.annotations.Nullable;

/**
 * Adds a schema for each record and enum with {@link ApiSchema} to the API's document, when the
 * service is built. A field of a request is required where it says so; one of an answer where it is
 * always there. A property that the files in {@code META-INF/openapi} state of such a schema is as
 * they say: what a type of Java does not, such as one of several types.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class FieldSchemas implements OASFilter {
  private static final String REFERENCE = "#/components/schemas/";
  private static final Set<Class<?>> FLAGS = Set.of(boolean.class, Boolean.class);
  private static final Set<Class<?>> WHOLE_NUMBERS = Set.of(int.class, Integer.class);
  private static final Set<Class<?>> LONG_NUMBERS = Set.of(long.class, Long.class);
  private static final Set<Class<?>> NUMBERS = Set.of(double.class, Double.class, BigDecimal.class);

  private final IndexView index;

  public FieldSchemas(IndexView index) {
    this.index = index;
  }

  @Override
  public void filterOpenAPI(OpenAPI document) {
    for (AnnotationInstance each : index.getAnnotations(DotName.createSimple(ApiSchema.class))) {
      Class<?> type = load(each.target().asClass().name().toString());
      ApiSchema words = type.getAnnotation(ApiSchema.class);
      if (!words.value().isEmpty()) {
        Schema schema = type.isEnum() ? codes(type, words) : object(type, words.description());
        Schema stated = document.getComponents().getSchemas().get(words.value());
        if (stated != null && stated.getProperties() != null) {
          stated.getProperties().forEach(schema::addProperty);
        }
        document.getComponents().addSchema(words.value(), schema);
      }
      if (!words.patch().isEmpty()) {
        document.getComponents().addSchema(words.patch(), patch(type, words.value()));
      }
      if (!words.variant().isEmpty()) {
        Class<?> variant = words.variantFields();
        document
            .getComponents()
            .addSchema(
                words.variant(),
                object(
                    DeclaredFields.of(type).with(variant),
                    isRequest(type),
                    variant.getAnnotation(ApiSchema.class).description()));
      }
    }
  }

  private static Schema patch(Class<?> type, String request) {
    List<DeclaredField> fields = DeclaredFields.of(type).all();
    String kept =
        fields.stream()
            .filter(field -> !field.words().resettable())
            .map(field -> "`" + field.name() + "`")
            .collect(Collectors.joining(" and "));
    Schema schema =
        OASFactory.createSchema()
            .addType(SchemaType.OBJECT)
            .description(
                "The fields of `%s`; null is the default%s."
                    .formatted(
                        request,
                        kept.isEmpty() ? "" : ", but of " + kept + ", which can't be removed"));
    addPatched(fields, schema);
    return schema;
  }

  private static void addPatched(List<DeclaredField> fields, Schema schema) {
    for (DeclaredField field : fields) {
      Schema property = typed(field, "", field.words().resettable());
      // A part is merged as well.
      if (property.getProperties() != null) {
        addPatched(DeclaredFields.of(field.component().getType()).all(), property);
      }
      bound(field, property);
      schema.addProperty(field.name(), property);
    }
  }

  // In words: a generator takes a field whose schema has a default for one that is always there.
  private static String withDefault(DeclaredField field, String description) {
    List<String> values = List.of(field.words().defaultValue());
    if (values.isEmpty()) {
      return description;
    }
    String words = "Default: `" + String.join("`, `", values) + "`.";
    return description.isEmpty() ? words : description + " " + words;
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name, false, Thread.currentThread().getContextClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Schema codes(Class<?> type, ApiSchema words) {
    Schema schema = OASFactory.createSchema().addType(SchemaType.STRING);
    if (!words.description().isEmpty()) {
      schema.setDescription(words.description());
    }
    schema.setEnumeration(List.copyOf(DeclaredField.codes(type, words.group())));
    return schema;
  }

  private static Schema object(Class<?> type, String description) {
    Schema schema = object(DeclaredFields.of(type).all(), isRequest(type), description);
    ApiSchema words = type.getAnnotation(ApiSchema.class);
    if (words != null && words.open()) {
      schema.additionalPropertiesSchema(OASFactory.createSchema().booleanSchema(true));
    }
    return schema;
  }

  private static Schema object(List<DeclaredField> fields, boolean isRequest, String description) {
    Schema schema = OASFactory.createSchema().addType(SchemaType.OBJECT);
    List<String> required =
        fields.stream()
            .filter(
                field -> isRequest ? field.words().required() : isAlwaysThere(field.component()))
            .map(DeclaredField::name)
            .toList();
    if (!required.isEmpty()) {
      schema.setRequired(required);
    }
    if (!description.isEmpty()) {
      schema.setDescription(description);
    }
    fields.forEach(field -> schema.addProperty(field.name(), property(field, isRequest)));
    return schema;
  }

  private static boolean isRequest(Class<?> type) {
    Class<?> around = type.getEnclosingClass();
    ApiSchema words = type.getAnnotation(ApiSchema.class);
    return CheckedRequest.class.isAssignableFrom(type)
        || (words != null && !words.patch().isEmpty())
        || (around != null && isRequest(around));
  }

  private static Schema property(DeclaredField field, boolean isRequest) {
    RecordComponent component = field.component();
    boolean isNull = isNullable(component) && mayBeNull(component, isRequest);
    String description = field.words().value();
    Schema schema = typed(field, isRequest ? withDefault(field, description) : description, isNull);
    if (isRequest) {
      bound(field, schema);
      if (field.words().examples().length > 0) {
        schema.setExamples(List.of((Object[]) field.words().examples()));
      }
    }
    return schema;
  }

  private static Schema typed(DeclaredField field, String description, boolean isNull) {
    Schema schema =
        field.component().getAccessor().isAnnotationPresent(JsonRawValue.class)
            ? named(field.words())
            : schema(field, field.component().getGenericType(), description);
    if (schema.getRef() != null && (isNull || !description.isEmpty())) {
      schema = OASFactory.createSchema().addOneOf(schema);
      if (isNull) {
        schema.addOneOf(OASFactory.createSchema().addType(SchemaType.NULL));
      }
    } else if (isNull && schema.getType() != null) {
      schema.addType(SchemaType.NULL);
      if (schema.getEnumeration() != null) {
        List<@Nullable Object> codes = new ArrayList<>(schema.getEnumeration());
        codes.add(null);
        schema.setEnumeration(codes);
      }
    }
    if (schema.getRef() == null && !description.isEmpty()) {
      schema.setDescription(description);
    }
    return schema;
  }

  /** The schema that a field names; any object where a text that is JSON has no name. */
  private static Schema named(Field words) {
    if (words.schema().isEmpty()) {
      return anyObject();
    }
    Schema named = OASFactory.createSchema().ref(REFERENCE + words.schema());
    return words.list() ? OASFactory.createSchema().addType(SchemaType.ARRAY).items(named) : named;
  }

  private static Schema anyObject() {
    return OASFactory.createSchema()
        .addType(SchemaType.OBJECT)
        .additionalPropertiesSchema(OASFactory.createSchema().booleanSchema(true));
  }

  private static Schema schema(DeclaredField field, Type type, String description) {
    Field words = field.words();
    Schema schema = OASFactory.createSchema();
    if (type instanceof ParameterizedType generic
        && generic.getRawType() instanceof Class<?> raw
        && List.class.isAssignableFrom(raw)) {
      return schema
          .addType(SchemaType.ARRAY)
          .items(schema(field, generic.getActualTypeArguments()[0], ""));
    }
    if (!words.schema().isEmpty()) {
      return named(words);
    }
    if (type instanceof ParameterizedType map) {
      Type value = map.getActualTypeArguments()[map.getActualTypeArguments().length - 1];
      if (value == Object.class) {
        return anyObject();
      }
      Schema values = schema(field, value, "");
      if (hasNullValues(field.component())) {
        values.addType(SchemaType.NULL);
      }
      return schema.addType(SchemaType.OBJECT).additionalPropertiesSchema(values);
    }
    Class<?> plain = (Class<?>) type;
    if (plain == ArrayNode.class) {
      return schema.addType(SchemaType.ARRAY).items(anyObject());
    }
    ApiSchema parts = words.parts().getAnnotation(ApiSchema.class);
    if (parts != null) {
      return schema.ref(REFERENCE + parts.value());
    }
    if (JsonNode.class.isAssignableFrom(plain)) {
      return anyObject();
    }
    if (plain == Object.class) {
      return schema;
    }
    if (plain.isRecord()) {
      ApiSchema named = plain.getAnnotation(ApiSchema.class);
      return named == null || named.value().isEmpty()
          ? object(plain, description)
          : schema.ref(REFERENCE + named.value());
    }
    if (FLAGS.contains(plain)) {
      return schema.addType(SchemaType.BOOLEAN);
    }
    if (NUMBERS.contains(plain)) {
      return schema.addType(SchemaType.NUMBER);
    }
    if (WHOLE_NUMBERS.contains(plain)) {
      return schema.addType(SchemaType.INTEGER);
    }
    if (LONG_NUMBERS.contains(plain)) {
      return schema.addType(SchemaType.INTEGER).format("int64");
    }
    schema.addType(SchemaType.STRING);
    if (!field.codes().isEmpty()) {
      schema.setEnumeration(List.copyOf(field.codes()));
    }
    String format =
        plain == Instant.class ? "date-time" : plain == UUID.class ? "uuid" : words.format();
    return format.isEmpty() ? schema : schema.format(format);
  }

  /**
   * Adds the bounds, which only requests are held to: an answer may have what was stored before.
   * Secrets, which no answer has, are marked.
   */
  private static void bound(DeclaredField field, Schema schema) {
    Field words = field.words();
    if (words.secret()) {
      schema.setWriteOnly(true);
    }
    Integer least = words.least() > 0 ? Integer.valueOf((int) words.least()) : null;
    Integer most = words.most() < Integer.MAX_VALUE ? Integer.valueOf((int) words.most()) : null;
    Schema text = field.isList() ? Objects.requireNonNull(schema.getItems()) : schema;
    if (field.pattern() != null && text.getRef() == null) {
      text.setPattern(whole(field.pattern().pattern()));
    }
    if (field.isList()) {
      schema.setMinItems(words.required() ? Integer.valueOf(1) : least);
      schema.setMaxItems(most);
    } else if (field.isNumber()) {
      if (words.least() != Long.MIN_VALUE) {
        schema.setMinimum(BigDecimal.valueOf(words.least()));
      }
      if (words.most() != Long.MAX_VALUE) {
        schema.setMaximum(BigDecimal.valueOf(words.most()));
      }
    } else if (schema.getRef() == null) {
      schema.setMinLength(least);
      schema.setMaxLength(most);
    }
  }

  // An anchor belongs to one of several alternatives alone.
  static String whole(String pattern) {
    return pattern.contains("|") ? "^(?:" + pattern + ")$" : "^" + pattern + "$";
  }

  private static boolean isAlwaysThere(RecordComponent component) {
    JsonInclude said = include(component);
    return said == null
        || said.value() == JsonInclude.Include.ALWAYS
        || (said.value() == JsonInclude.Include.NON_NULL && !isNullable(component));
  }

  /** Whether null says something: requests leave out what they do not say, unless they say so. */
  private static boolean mayBeNull(RecordComponent component, boolean isRequest) {
    JsonInclude said = include(component);
    return said == null ? !isRequest : said.value() == JsonInclude.Include.ALWAYS;
  }

  private static @Nullable JsonInclude include(RecordComponent component) {
    JsonInclude own = component.getAccessor().getAnnotation(JsonInclude.class);
    return own == null ? component.getDeclaringRecord().getAnnotation(JsonInclude.class) : own;
  }

  private static boolean isNullable(RecordComponent component) {
    return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  private static boolean hasNullValues(RecordComponent map) {
    return map.getAnnotatedType() instanceof AnnotatedParameterizedType type
        && type.getAnnotatedActualTypeArguments()[1].isAnnotationPresent(Nullable.class);
  }
}
