package dev.errand.identity.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.errand.base.field.DeclaredFields;
import dev.errand.base.json.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What differs between two views of an object. */
class AuditChangesTest {
  private final Json json = new Json(new ObjectMapper());
  private final AuditChanges changes = new AuditChanges(json);

  private void check(
      String expected, @Nullable Object before, @Nullable Object after, String... secrets) {
    assertEquals(json.tree(expected), changes.between(before, after, secrets));
  }

  @Test
  void eachFieldThatDiffersIsNamedByItsPath() {
    check(
        """
        {"settings.max_steps": {"from": 10, "to": 20}, "tags": {"from": ["a"], "to": ["a", "b"]},
          "text": {"from": "here"}}
        """,
        Map.of("settings", Map.of("max_steps", 10, "x", 1), "tags", List.of("a"), "text", "here"),
        Map.of("settings", Map.of("max_steps", 20L, "x", 1), "tags", List.of("a", "b")));
  }

  @Test
  void creationsHaveNoOldAndDeletionsNoNewValue() {
    check("{\"a.b\": {\"to\": true}}", null, Map.of("a", Map.of("b", true)));
    check("{\"a.b\": {\"from\": true}}", Map.of("a", Map.of("b", true)), null);
    check("{}", null, null);
    check("{}", Map.of("a", 1), Map.of("a", 1L));
  }

  @Test
  void whatIsDeclaredASecretIsLeftOut() {
    Map<String, String> secrets = new TreeMap<>();
    new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.errand")
            .stream()
            .filter(type -> type.isAssignableTo(Record.class))
            .map(JavaClass::reflect)
            .filter(DeclaredFields::areIn)
            .flatMap(type -> DeclaredFields.of(type).all().stream())
            .filter(field -> field.words().secret())
            .forEach(field -> secrets.put(field.name(), "s"));
    assertTrue(secrets.containsKey("client_secret"), secrets::toString);
    check("{}", null, Map.of("thing", secrets));
  }

  @Test
  void secretsAreLeftOutWhereverTheyStand() {
    check(
        "{\"list\": {\"to\": [{\"name\": \"n\", \"url\": \"https://example.com/…\"}]}}",
        Map.of("key", "old", "created_at", "1"),
        Map.of(
            "key",
            "new",
            "created_at",
            "2",
            "list",
            List.of(
                Map.of(
                    "name", "n", "secret", "s", "url", "https://example.com/hook/token?key=x"))));
    check("{\"settings.key\": {\"changed\": true}}", null, null, "settings.key");
  }

  @Test
  void manyFieldsAreCounted() {
    Map<String, Object> all = new TreeMap<>();
    for (int i = 0; i < 10_000; i++) {
      all.put("field-" + i, "x".repeat(100));
    }
    ObjectNode made = changes.between(null, all);
    assertTrue(made.toString().length() < 70_000, () -> "It has " + made.toString().length());
    assertEquals(10_000, made.size() - 1 + made.path("…").path("others").asInt());
  }

  @Test
  void whatIsBelowALongPathIsOneValue() {
    Map<String, Object> many = new TreeMap<>();
    for (int i = 0; i < 1000; i++) {
      many.put("field-" + i, i);
    }
    ObjectNode made = changes.between(null, Map.of("p".repeat(10_000), Map.of("q", many)));
    assertEquals(1, made.size());
    assertTrue(made.toString().length() < 12_000, () -> "It has " + made.toString().length());
  }

  @Test
  void longTextsAreCut() {
    String kept = "x".repeat(1000);
    check(
        "{\"prompt\": {\"from\": \"%s… (of 1001 characters)\", \"to\": \"%s\"}}"
            .formatted(kept, kept),
        Map.of("prompt", kept + "y"),
        Map.of("prompt", kept));
  }
}
