package dev.errand.support;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.ReferencedClassObject;
import dev.errand.base.database.Row;
import dev.errand.base.database.SqlStatement;
import jakarta.persistence.Convert;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The records that are read from or set to rows by their type, and those that these have. */
public final class ReadRecords {
  private static final Set<String> READERS =
      Set.of(Row.class.getName(), SqlStatement.class.getName());

  private ReadRecords() {}

  /** Those that some classes read, or set. */
  public static Set<JavaClass> in(JavaClasses classes) {
    return byReader(classes).values().stream().flatMap(Set::stream).collect(Collectors.toSet());
  }

  /** Those that some classes read, or set, by these. */
  public static Map<JavaClass, Set<JavaClass>> byReader(JavaClasses classes) {
    Map<JavaClass, Set<JavaClass>> all = new HashMap<>();
    for (JavaClass reader : classes) {
      Set<String> methods =
          reader.getMethodCallsFromSelf().stream()
              .filter(call -> READERS.contains(call.getTargetOwner().getFullName()))
              .filter(call -> !call.getTarget().getRawParameterTypes().isEmpty())
              .filter(
                  call ->
                      call.getTarget()
                          .getRawParameterTypes()
                          .getFirst()
                          .isEquivalentTo(Class.class))
              .map(call -> call.getOrigin().getFullName())
              .collect(Collectors.toSet());
      Set<JavaClass> records = new HashSet<>();
      reader.getReferencedClassObjects().stream()
          .filter(object -> methods.contains(object.getOwner().getFullName()))
          .map(ReferencedClassObject::getRawType)
          .forEach(type -> add(type, records));
      all.put(reader, records);
    }
    return all;
  }

  /** The converters of the columns of records that some classes read. */
  public static Set<JavaClass> convertersIn(JavaClasses classes) {
    return in(classes).stream()
        .flatMap(type -> type.getFields().stream())
        .flatMap(field -> field.tryGetAnnotationOfType(Convert.class).stream())
        .map(convert -> classes.get(convert.converter()))
        .collect(Collectors.toSet());
  }

  private static void add(JavaClass type, Set<JavaClass> records) {
    if (type.isRecord() && records.add(type)) {
      type.getFields().stream()
          .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
          .filter(field -> !field.isAnnotatedWith(Convert.class))
          .map(JavaField::getRawType)
          .forEach(part -> add(part, records));
    }
  }
}
