package dev.errand.base.database;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import dev.errand.base.json.Coded;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a record is read from a row, and how its values are set: each component is the column of its
 * name in snake case, or of the name that {@link Column} gives it, and of its type, or of the one
 * that the converter of {@link Convert} stores. A component that is a record itself is read from
 * the same row; where it may be null, it is so if the column of its first component is.
 */
final class RowRecord {
  private static final SnakeCaseStrategy NAMES = new SnakeCaseStrategy();

  private static final Map<Class<?>, BiFunction<Row, String, @Nullable Object>> READERS =
      Map.ofEntries(
          Map.entry(String.class, Row::textOrNull),
          Map.entry(UUID.class, Row::idOrNull),
          Map.entry(int.class, Row::integer),
          Map.entry(Integer.class, Row::integerOrNull),
          Map.entry(Double.class, Row::realOrNull),
          Map.entry(long.class, Row::number),
          Map.entry(Long.class, Row::numberOrNull),
          Map.entry(boolean.class, Row::flag),
          Map.entry(Boolean.class, Row::flagOrNull),
          Map.entry(Instant.class, Row::timeOrNull),
          Map.entry(LocalDate.class, Row::dayOrNull),
          Map.entry(Duration.class, Row::lengthOrNull),
          Map.entry(BigDecimal.class, Row::decimalOrNull),
          Map.entry(byte[].class, Row::bytesOrNull));

  // An empty one where it is NULL.
  private static final Map<String, BiFunction<Row, String, @Nullable Object>> LISTS =
      Map.of(
          "java.util.List<java.lang.String>",
          Row::texts,
          "java.util.List<java.util.UUID>",
          (row, column) -> row.texts(column).stream().map(UUID::fromString).toList());

  /** Has a component that may be NULL, to see whether the annotations are there. */
  @RegisterForReflection
  private record Probe(@Nullable String text) {}

  private static final ClassValue<RowRecord> KNOWN =
      new ClassValue<>() {
        @Override
        protected RowRecord computeValue(Class<?> type) {
          return new RowRecord(type);
        }
      };

  private final Class<?> type;
  private final Constructor<?> constructor;
  private final List<Part> parts = new ArrayList<>();
  private final Map<String, Part> columns = new LinkedHashMap<>();

  /** A component. */
  private record Part(
      RecordComponent component,
      String column,
      @Nullable RowRecord nested,
      @Nullable Conversion conversion,
      BiFunction<Row, String, @Nullable Object> reader) {
    private @Nullable Object read(Row row) {
      return reader.apply(row, column);
    }

    private @Nullable Object value(Object record) {
      try {
        Object value = component.getAccessor().invoke(record);
        return conversion == null ? value : conversion.converter.convertToDatabaseColumn(value);
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalStateException(component.toString(), e);
      }
    }
  }

  /**
   * How a component is stored as a value of another type.
   *
   * @param stored the type of the column
   */
  private record Conversion(
      AttributeConverter<@Nullable Object, @Nullable Object> converter, Class<?> stored) {
    private static @Nullable Conversion of(RecordComponent component) {
      Convert convert = component.getAccessor().getAnnotation(Convert.class);
      return convert == null ? null : by(convert.converter());
    }

    @SuppressWarnings("unchecked") // It has the type of the component, as Hibernate checks.
    private static Conversion by(Class<?> type) {
      try {
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return new Conversion(
            (AttributeConverter<@Nullable Object, @Nullable Object>) constructor.newInstance(),
            Stream.of(type.getMethods())
                .filter(method -> method.getName().equals("convertToDatabaseColumn"))
                .filter(method -> !method.isBridge())
                .findFirst()
                .map(Method::getReturnType)
                .orElseThrow());
      } catch (ReflectiveOperationException | NoSuchElementException e) {
        throw new IllegalStateException(type.getName() + " is not registered for reflection", e);
      }
    }
  }

  private RowRecord(Class<?> type) {
    this.type = type;
    RecordComponent[] components = type.getRecordComponents();
    try {
      this.constructor =
          type.getDeclaredConstructor(
              Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(type.getName() + " is not registered for reflection", e);
    }
    // The record may be known to its package alone.
    constructor.setAccessible(true);
    for (RecordComponent component : components) {
      component.getAccessor().setAccessible(true);
      add(component);
    }
  }

  static RowRecord of(Class<?> type) {
    return KNOWN.get(type);
  }

  private void add(RecordComponent component) {
    Conversion conversion = Conversion.of(component);
    RowRecord nested =
        conversion == null && component.getType().isRecord() ? of(component.getType()) : null;
    Part part =
        new Part(
            component,
            column(component),
            nested,
            conversion,
            reader(component, nested, conversion));
    parts.add(part);
    if (nested == null) {
      columns.put(part.column, part);
    } else {
      nested.columns.keySet().forEach(column -> columns.put(column, part));
    }
  }

  private static String column(RecordComponent component) {
    Column named = component.getAccessor().getAnnotation(Column.class);
    return named == null || named.name().isEmpty()
        ? NAMES.translate(component.getName())
        : named.name();
  }

  private static BiFunction<Row, String, @Nullable Object> reader(
      RecordComponent component, @Nullable RowRecord nested, @Nullable Conversion conversion) {
    boolean mayBeNull = isNullable(component) || !refusesNull();
    if (nested != null) {
      String first = nested.columns.keySet().iterator().next();
      return isNullable(component)
          ? (row, column) -> row.isNull(first) ? null : nested.read(row)
          : (row, column) -> nested.read(row);
    }
    BiFunction<Row, String, @Nullable Object> reader =
        conversion == null
            ? readerOf(component)
            : readerOf(conversion.stored, component)
                .andThen(conversion.converter::convertToEntityAttribute);
    return mayBeNull ? reader : (row, column) -> Row.present(column, reader.apply(row, column));
  }

  private static BiFunction<Row, String, @Nullable Object> readerOf(RecordComponent component) {
    Class<?> type = component.getType();
    BiFunction<Row, String, @Nullable Object> ofList =
        LISTS.get(component.getGenericType().getTypeName());
    if (ofList != null) {
      return isNullable(component)
          ? (row, column) -> row.isNull(column) ? null : ofList.apply(row, column)
          : ofList;
    }
    if (type.isEnum()) {
      Map<String, Object> constants = constants(type);
      return (row, column) -> {
        String code = row.textOrNull(column);
        return code == null ? null : constant(type, constants, code);
      };
    }
    return readerOf(type, component);
  }

  private static BiFunction<Row, String, @Nullable Object> readerOf(
      Class<?> stored, RecordComponent component) {
    BiFunction<Row, String, @Nullable Object> reader = READERS.get(stored);
    if (reader == null) {
      throw new IllegalStateException("No column is read as " + component);
    }
    return reader;
  }

  private static Map<String, Object> constants(Class<?> type) {
    Map<String, Object> constants = new LinkedHashMap<>();
    for (Object constant : type.getEnumConstants()) {
      constants.put(((Coded) constant).code(), constant);
    }
    return Map.copyOf(constants);
  }

  private static Object constant(Class<?> type, Map<String, Object> constants, String code) {
    Object constant = constants.get(code);
    if (constant == null) {
      throw new IllegalArgumentException(
          "No " + type.getSimpleName() + " has the code " + code + ".");
    }
    return constant;
  }

  // An executable may lack annotations of types: then NULL is refused nowhere, rather than
  // everywhere. It is asked each time, since constants are those of the machine that builds it.
  private static boolean refusesNull() {
    return isNullable(Probe.class.getRecordComponents()[0]);
  }

  private static boolean isNullable(RecordComponent component) {
    return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  /** The columns that it is read from, in the order of the components. */
  List<String> columns() {
    return List.copyOf(columns.keySet());
  }

  Object read(Row row) {
    @Nullable Object[] values = new @Nullable Object[parts.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = parts.get(i).read(row);
    }
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(type.getName(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type.getName(), e);
    }
  }

  /** Whether one of its components is a column. */
  boolean has(String column) {
    return columns.containsKey(column);
  }

  /** The value of a column in a record of this type. */
  @Nullable Object value(Object record, String column) {
    Part part = columns.get(column);
    if (part == null) {
      throw new IllegalArgumentException(type.getName() + " has no column " + column);
    }
    Object value = part.value(record);
    if (part.nested == null || value == null) {
      return value;
    }
    return part.nested.value(value, column);
  }

  /** The type of a column. */
  Class<?> type(String column) {
    Part part = columns.get(column);
    if (part == null) {
      throw new IllegalArgumentException(type.getName() + " has no column " + column);
    }
    if (part.nested != null) {
      return part.nested.type(column);
    }
    return part.conversion == null ? part.component.getType() : part.conversion.stored;
  }
}
