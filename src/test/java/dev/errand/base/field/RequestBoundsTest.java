package dev.errand.base.field;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ApiException.FieldError;
import dev.errand.base.json.CheckedRequest;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each request applies the bounds that its fields declare, in the words that follow from them. */
class RequestBoundsTest {
  private static final List<String> TEXTS = List.of("no such code", "x y", " ", "\0");

  // What is wrong with an address or a secret is said by its parser.
  private static final Set<String> OTHER_WORDS = Set.of("url", "secrets");

  static Stream<Class<?>> requests() {
    return new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.errand")
            .stream()
            .filter(type -> type.isAssignableTo(CheckedRequest.class) && type.isRecord())
            .map(JavaClass::reflect);
  }

  @ParameterizedTest
  @MethodSource("requests")
  void eachDeclaredBoundIsApplied(Class<?> request) throws ReflectiveOperationException {
    for (Record wrong : wrongOnes(request)) {
      List<FieldError> declared = refusals(() -> DeclaredFields.check(wrong));
      List<FieldError> said = refusals(((CheckedRequest) wrong)::check);
      assertTrue(!declared.isEmpty(), () -> "taken for right: " + wrong);
      for (FieldError each : declared) {
        assertTrue(
            said.stream().anyMatch(error -> isSame(error, each)),
            () -> each + " is not in " + said);
      }
    }
  }

  // A part of a request may name its fields by their path.
  private static boolean isSame(FieldError said, FieldError declared) {
    return (said.field().equals(declared.field()) || said.field().endsWith("." + declared.field()))
        && (said.message().equals(declared.message())
            || OTHER_WORDS.contains(last(declared.field())));
  }

  private static String last(String field) {
    return field.substring(field.lastIndexOf('.') + 1);
  }

  private static List<FieldError> refusals(Runnable check) {
    try {
      check.run();
      return List.of();
    } catch (ApiException e) {
      return e.errors();
    }
  }

  /** Instances with one wrong field each, which may be in a part. */
  private static List<Record> wrongOnes(Class<?> type) throws ReflectiveOperationException {
    List<Record> wrong = new ArrayList<>();
    for (DeclaredField field : DeclaredFields.of(type).all()) {
      for (Object value : wrongValues(field)) {
        wrong.add(with(type, field.component(), value));
      }
      Class<?> part = part(field.component());
      if (part != null) {
        for (Record each : wrongOnes(part)) {
          wrong.add(with(type, field.component(), field.isList() ? List.of(each) : (Object) each));
        }
      }
    }
    return wrong;
  }

  private static @Nullable Class<?> part(RecordComponent component) {
    Class<?> type =
        component.getGenericType() instanceof ParameterizedType generic
                && generic.getActualTypeArguments()[0] instanceof Class<?> item
            ? item
            : component.getType();
    return type.isRecord() && DeclaredFields.areIn(type) ? type : null;
  }

  private static List<Object> wrongValues(DeclaredField field) {
    Field words = field.words();
    List<Object> wrong = new ArrayList<>();
    if (field.isNumber()) {
      if (words.least() != Long.MIN_VALUE) {
        wrong.add(number(field, words.least() - 1));
      }
      if (words.most() != Long.MAX_VALUE) {
        wrong.add(number(field, words.most() + 1));
      }
      return wrong;
    }
    boolean isText = field.type() == String.class;
    if (words.required() && (isText || field.isList())) {
      wrong.add(isText ? "" : List.of());
    }
    if (words.durations().length == 2) {
      wrong.add(Duration.parse(words.durations()[1]).plusSeconds(1).toString());
    }
    if (!field.codes().isEmpty() || field.pattern() != null) {
      String bad = TEXTS.stream().filter(text -> !fits(field, text)).findFirst().orElseThrow();
      wrong.add(isText ? bad : List.of(bad));
    }
    if (words.most() < Integer.MAX_VALUE) {
      int many = (int) words.most() + 1;
      String item = part(field.component()) == null ? "x" : null;
      wrong.add(isText ? "x".repeat(many) : Collections.nCopies(many, item));
    }
    if (words.least() > 0) {
      wrong.add(isText ? "x".repeat((int) words.least() - 1) : List.of());
    }
    return wrong;
  }

  private static boolean fits(DeclaredField field, String text) {
    return field.pattern() == null
        ? field.codes().contains(text)
        : field.pattern().matcher(text).matches();
  }

  private static Object number(DeclaredField field, long number) {
    Class<?> type = field.type();
    if (type == Double.class) {
      return (double) number;
    }
    return type == Integer.class || type == int.class ? (Object) (int) number : (Object) number;
  }

  private static Record with(Class<?> type, RecordComponent component, Object value)
      throws ReflectiveOperationException {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    @Nullable Object[] values = new @Nullable Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] = components[i].getName().equals(component.getName()) ? value : absent(types[i]);
    }
    Constructor<?> constructor = type.getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return (Record) constructor.newInstance(values);
  }

  private static @Nullable Object absent(Class<?> type) {
    return Map.<Class<?>, Object>of(boolean.class, false, int.class, 0, long.class, 0L)
        .getOrDefault(type, null);
  }
}
