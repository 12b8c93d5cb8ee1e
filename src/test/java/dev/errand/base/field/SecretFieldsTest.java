package dev.errand.base.field;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is declared a secret is in no text of its request, such as a line of the log. */
class SecretFieldsTest {
  private static final String SECRET = "a-secret-of-a-field";
  private static final Set<String> KNOWN = Set.of("secret", "password", "client_secret", "token");

  static Stream<Class<?>> records() {
    return new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.errand")
            .stream()
            .filter(type -> type.isAssignableTo(Record.class))
            .map(JavaClass::reflect)
            .filter(DeclaredFields::areIn)
            .filter(type -> !secrets(type).isEmpty());
  }

  private static List<DeclaredField> secrets(Class<?> type) {
    return DeclaredFields.of(type).all().stream().filter(field -> field.words().secret()).toList();
  }

  @ParameterizedTest
  @MethodSource("records")
  void noRequestShowsASecretAsText(Class<?> type) throws ReflectiveOperationException {
    RecordComponent[] components = type.getRecordComponents();
    @Nullable Object[] values = new @Nullable Object[components.length];
    Set<String> secret =
        secrets(type).stream().map(each -> each.component().getName()).collect(Collectors.toSet());
    for (int i = 0; i < components.length; i++) {
      if (secret.contains(components[i].getName())) {
        values[i] = components[i].getType() == List.class ? List.of(SECRET) : SECRET;
      }
    }
    Constructor<?> constructor =
        type.getDeclaredConstructor(
            Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
    constructor.setAccessible(true);
    assertFalse(constructor.newInstance(values).toString().contains(SECRET));
  }

  @Test
  void theUsualNamesOfSecretsAreDeclaredSecret() {
    Set<String> declared =
        records()
            .flatMap(type -> secrets(type).stream())
            .map(DeclaredField::name)
            .collect(Collectors.toSet());
    assertTrue(declared.containsAll(KNOWN), () -> "declared: " + declared);
  }
}
