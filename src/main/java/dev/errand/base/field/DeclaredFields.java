package dev.errand.base.field;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.json.CheckedRequest;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The fields that a record declares by {@link Field}, in their order. */
public final class DeclaredFields {
  private static final SnakeCaseStrategy NAMES = new SnakeCaseStrategy();
  private static final ClassValue<DeclaredFields> KNOWN =
      new ClassValue<>() {
        @Override
        protected DeclaredFields computeValue(Class<?> type) {
          return new DeclaredFields(type);
        }
      };

  private final List<DeclaredField> all;

  private DeclaredFields(Class<?> type) {
    List<DeclaredField> declared = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      Field words = words(type, component);
      if (component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)
          && component.getType().isRecord()) {
        declared.addAll(of(component.getType()).all);
      } else if (words != null) {
        // The record may be known to its package alone.
        component.getAccessor().setAccessible(true);
        declared.add(DeclaredField.of(name(component), component, words));
      }
    }
    if (declared.isEmpty()) {
      // Also where an executable lacks the annotations: without them nothing would be checked.
      throw new IllegalStateException(type.getName() + " declares no fields");
    }
    this.all = List.copyOf(declared);
  }

  /** What a component declares, or else the accessor of an interface. */
  private static @Nullable Field words(Class<?> type, RecordComponent component) {
    Field own = component.getAnnotation(Field.class);
    if (own != null) {
      return own;
    }
    for (Class<?> shared : type.getInterfaces()) {
      for (Method accessor : shared.getDeclaredMethods()) {
        Field words = accessor.getAnnotation(Field.class);
        if (words != null && accessor.getName().equals(component.getName())) {
          return words;
        }
      }
    }
    return null;
  }

  /** Whether a record declares fields. */
  public static boolean areIn(Class<?> type) {
    return Stream.of(type.getRecordComponents())
        .anyMatch(component -> component.isAnnotationPresent(Field.class));
  }

  /**
   * The fields of a record.
   *
   * @throws IllegalStateException where it declares none
   */
  public static DeclaredFields of(Class<?> type) {
    return KNOWN.get(type);
  }

  /**
   * Checks the values of a record's fields by what they declare.
   *
   * @throws ApiException that names all fields which are wrong
   */
  public static void check(Record record) {
    InvalidFields wrong = new InvalidFields();
    check(record, wrong);
    wrong.refuse();
  }

  /** The same for a check that looks at more. */
  public static void check(Record record, InvalidFields wrong) {
    check(record, of(record.getClass()).all, wrong);
  }

  private static void check(Record record, List<DeclaredField> fields, InvalidFields wrong) {
    for (DeclaredField field : fields) {
      field.check(value(record, field.component()), wrong);
    }
  }

  /**
   * The same for a record that is a part of the input, if it declares fields or checks itself.
   *
   * @param whole the field that it is
   */
  public static void check(String whole, Record part, InvalidFields wrong) {
    try {
      if (part instanceof CheckedRequest request) {
        request.check();
      } else if (areIn(part.getClass())) {
        check(part);
      }
    } catch (ApiException e) {
      wrong.add(InvalidFields.within(whole, e));
    }
  }

  /** The same by these declarations of its fields. */
  public static void check(
      String whole, Record part, List<DeclaredField> fields, InvalidFields wrong) {
    InvalidFields within = new InvalidFields();
    check(part, fields, within);
    addWithin(whole, within, wrong);
  }

  /** The same for an object of which a record declares the texts that are known. */
  static void check(String whole, ObjectNode object, Class<?> parts, InvalidFields wrong) {
    InvalidFields within = new InvalidFields();
    for (DeclaredField field : of(parts).all) {
      field.check(
          object.hasNonNull(field.name()) ? object.get(field.name()).asText() : null, within);
    }
    addWithin(whole, within, wrong);
  }

  private static void addWithin(String whole, InvalidFields within, InvalidFields wrong) {
    if (!within.isEmpty()) {
      wrong.add(InvalidFields.within(whole, within.together()));
    }
  }

  /**
   * The value of a field that a record declares; null where there is none.
   *
   * @param name with its path, as {@code a.b}, where it is a field of a record within
   */
  public static @Nullable Object value(Record record, String name) {
    int dot = name.indexOf('.');
    if (dot >= 0) {
      Object part = value(record, name.substring(0, dot));
      return part == null ? null : value((Record) part, name.substring(dot + 1));
    }
    return value(record, of(record.getClass()).find(name).orElseThrow().component());
  }

  private static @Nullable Object value(Record record, RecordComponent component) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String name(RecordComponent component) {
    JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
    return named == null || named.value().isEmpty()
        ? NAMES.translate(component.getName())
        : named.value();
  }

  /**
   * Values that a request chose, each once, in the order of documents; as they were sent where one
   * of them is unknown, which the check refuses.
   *
   * @param chosen null for none
   */
  public static List<String> inOrder(@Nullable List<String> chosen, List<String> known) {
    if (chosen == null) {
      return List.of();
    }
    return known.containsAll(chosen) ? known.stream().filter(chosen::contains).toList() : chosen;
  }

  public List<DeclaredField> all() {
    return all;
  }

  /** The field of that name in JSON; with its path, as {@code a.b}, where it is within another. */
  public Optional<DeclaredField> find(String name) {
    int dot = name.indexOf('.');
    return dot < 0
        ? all.stream().filter(field -> field.name().equals(name)).findFirst()
        : find(name.substring(0, dot))
            .filter(field -> field.whole().isRecord() && areIn(field.whole()))
            .flatMap(field -> of(field.whole()).find(name.substring(dot + 1)));
  }

  /**
   * The fields, those that another record declares, too, as it declares them.
   *
   * @param variant that record
   */
  public List<DeclaredField> with(Class<?> variant) {
    DeclaredFields others = of(variant);
    return all.stream()
        .map(
            field ->
                others
                    .find(field.name())
                    .map(other -> DeclaredField.of(field.name(), field.component(), other.words()))
                    .orElse(field))
        .toList();
  }

  /** The names of the fields in JSON. */
  public List<String> names() {
    return all.stream().map(DeclaredField::name).toList();
  }
}
