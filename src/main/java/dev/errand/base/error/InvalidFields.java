package dev.errand.base.error;

import dev.errand.base.error.ApiException.FieldError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Collects what is wrong with the fields of an input, so that one answer names all of it. Checks
 * that throw an {@link ApiException} about fields are called through it; any other exception goes
 * through.
 */
public final class InvalidFields {
  /** How many fields an answer names at most. */
  public static final int MOST = 100;

  private final List<ApiException> refusals = new ArrayList<>();
  private final Map<String, FieldError> errors = new LinkedHashMap<>();

  /**
   * Calls all checks.
   *
   * @throws ApiException that names each field which one of them refused
   */
  public static void check(Runnable... checks) {
    InvalidFields wrong = new InvalidFields();
    for (Runnable check : checks) {
      wrong.add(check);
    }
    wrong.refuse();
  }

  /**
   * A refusal of a part of the input as one of the input.
   *
   * @param whole the field that the part is, in which the fields of the refusal are, unless their
   *     names say so
   */
  public static ApiException within(String whole, ApiException refusal) {
    InvalidFields wrong = new InvalidFields();
    for (FieldError error : refusal.errors()) {
      boolean isNamedWhole = error.field().equals(whole) || error.field().startsWith(whole + ".");
      String field = isNamedWhole ? error.field() : whole + "." + error.field();
      wrong.add(
          new ApiException(
              refusal.code(),
              field + ": " + error.message(),
              List.of(new FieldError(field, error.message())),
              refusal.headers()));
    }
    return wrong.isEmpty() ? refusal : wrong.together();
  }

  /** Calls a check, and keeps what it refuses. */
  public void add(Runnable check) {
    try {
      check.run();
    } catch (ApiException e) {
      add(e);
    }
  }

  /**
   * Keeps a refusal. Of a field that is wrong already, or of one within it, nothing more is said.
   *
   * @throws ApiException itself if it is not about fields
   */
  public void add(ApiException refusal) {
    if (refusal.errors().isEmpty()) {
      throw refusal;
    }
    boolean isNew = false;
    for (FieldError error : refusal.errors()) {
      if (errors.size() < MOST && !names(error.field())) {
        errors.put(error.field(), error);
        isNew = true;
      }
    }
    if (isNew) {
      refusals.add(refusal);
    }
  }

  /**
   * The value that a check answers, or another one where it refuses.
   *
   * @param otherwise is used for nothing, since {@link #refuse} throws then
   */
  public <T> T read(Supplier<T> check, T otherwise) {
    T value = read(check);
    return value == null ? otherwise : value;
  }

  /** The value that a check answers; null where it refuses. */
  public <T> @Nullable T read(Supplier<? extends @Nullable T> check) {
    try {
      return check.get();
    } catch (ApiException e) {
      add(e);
      return null;
    }
  }

  /**
   * The value that the last check answers.
   *
   * @throws ApiException that names each field which this or an earlier check refused
   */
  public <T> T last(Supplier<T> check) {
    T value;
    try {
      value = check.get();
    } catch (ApiException e) {
      add(e);
      throw together();
    }
    refuse();
    return value;
  }

  public boolean isEmpty() {
    return refusals.isEmpty();
  }

  /** Whether no more is kept. */
  public boolean isFull() {
    return errors.size() >= MOST;
  }

  /**
   * Does nothing if no check has refused anything.
   *
   * @throws ApiException that names each field which a check refused
   */
  public void refuse() {
    if (!refusals.isEmpty()) {
      throw together();
    }
  }

  /** The refusal that names each field which a check refused; there is at least one. */
  public ApiException together() {
    if (refusals.size() == 1) {
      return refusals.getFirst();
    }
    ErrorCode code = refusals.getFirst().code();
    boolean isOneCode = refusals.stream().allMatch(refusal -> refusal.code() == code);
    return new ApiException(
        isOneCode ? code : ErrorCode.INVALID_INPUT,
        errors.values().stream()
            .map(error -> error.field() + ": " + error.message().replaceFirst("\\.$", ""))
            .collect(Collectors.joining(". ", errors.size() + " fields are wrong. ", ".")),
        List.copyOf(errors.values()));
  }

  private boolean names(String field) {
    return errors.keySet().stream().anyMatch(known -> isWithin(field, known));
  }

  private static boolean isWithin(String field, String whole) {
    return field.startsWith(whole)
        && (field.length() == whole.length()
            || field.charAt(whole.length()) == '.'
            || field.charAt(whole.length()) == '[');
  }
}
