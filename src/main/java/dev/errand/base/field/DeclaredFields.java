package dev.errand.base.field;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.json.CheckedRequest;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
      Field words = component.getAnnotation(Field.class);
      if (component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)) {
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

  /** Whether a record declares fields. */
  static boolean areIn(Class<?> type) {
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
    for (DeclaredField field : of(record.getClass()).all) {
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

  /**
   * The same for some of its fields.
   *
   * @param others the names of those that are checked elsewhere
   */
  public static void check(String whole, Record part, Set<String> others, InvalidFields wrong) {
    InvalidFields within = new InvalidFields();
    for (DeclaredField field : of(part.getClass()).all) {
      if (!others.contains(field.name())) {
        field.check(value(part, field.component()), within);
      }
    }
    try {
      within.refuse();
    } catch (ApiException e) {
      wrong.add(InvalidFields.within(whole, e));
    }
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

  /** The field of that name in JSON. */
  public Optional<DeclaredField> find(String name) {
    return all.stream().filter(field -> field.name().equals(name)).findFirst();
  }

  /** The names of the fields in JSON. */
  public List<String> names() {
    return all.stream().map(DeclaredField::name).toList();
  }
}
