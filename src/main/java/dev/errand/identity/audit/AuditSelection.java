package dev.errand.identity.audit;

import dev.errand.base.database.StorableText;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.InvalidFields;
import dev.errand.base.json.Coded;
import dev.errand.base.json.IsoInstant;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Selects lines of the audit.
 *
 * @param actor the name of the user; null for all
 * @param action the code of the action; null for all
 * @param object the path of an object, which also selects all objects below it; null for all
 * @param to the time that all are before
 */
public record AuditSelection(
    @Nullable String actor,
    @Nullable String action,
    @Nullable String object,
    Instant from,
    Instant to) {
  private static final Instant FIRST = Instant.EPOCH;
  private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

  /** The selection that the parameters of a request name. */
  public static AuditSelection of(
      @Nullable String actor,
      @Nullable String action,
      @Nullable String object,
      @Nullable String from,
      @Nullable String to) {
    InvalidFields wrong = new InvalidFields();
    AuditSelection selection =
        new AuditSelection(
            wrong.read(() -> text("actor", actor)),
            action == null
                ? null
                : wrong.read(() -> Coded.require(AuditAction.class, "action", action).code()),
            wrong.read(() -> path(text("object", object))),
            from == null ? FIRST : wrong.read(() -> time("from", from), FIRST),
            to == null ? LAST : wrong.read(() -> time("to", to), LAST));
    wrong.refuse();
    return selection;
  }

  /** The parts of the object's path; none for all objects. */
  List<String> parts() {
    return object == null ? List.of() : List.of(object.split("/", -1));
  }

  private static Instant time(String field, String text) {
    return IsoInstant.parse(field, text, ChronoUnit.MILLIS);
  }

  private static @Nullable String text(String field, @Nullable String value) {
    if (value != null && (value.isEmpty() || !StorableText.is(value))) {
      throw ApiException.invalid(field, "must be a string: leave it out for all");
    }
    return value;
  }

  private static @Nullable String path(@Nullable String object) {
    return object != null && object.endsWith("/")
        ? object.substring(0, object.length() - 1)
        : object;
  }
}
