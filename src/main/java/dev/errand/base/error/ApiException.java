package dev.errand.base.error;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * An error that is answered to the caller as it is: its detail is a sentence that says what to do
 * and contains nothing secret.
 */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final transient List<FieldError> errors;
  private final transient Map<String, String> headers;

  /**
   * Creates an error for the caller.
   *
   * @param detail a sentence for the person who reads the answer
   */
  public ApiException(ErrorCode code, String detail) {
    this(code, detail, List.of(), Map.of());
  }

  /** Creates an error for the caller. */
  public ApiException(ErrorCode code, String detail, List<FieldError> errors) {
    this(code, detail, errors, Map.of());
  }

  /**
   * Creates an error for the caller.
   *
   * @param headers headers that the answer carries, such as {@code Retry-After}
   */
  public ApiException(
      ErrorCode code, String detail, List<FieldError> errors, Map<String, String> headers) {
    super(detail);
    this.code = code;
    this.errors = List.copyOf(errors);
    this.headers = Map.copyOf(headers);
  }

  /** An {@link ErrorCode#INVALID_INPUT} about one field. */
  public static ApiException invalid(String field, String message) {
    return new ApiException(
        ErrorCode.INVALID_INPUT, field + ": " + message, List.of(new FieldError(field, message)));
  }

  /** An {@link ErrorCode#INVALID_INPUT} about a field that does not exist. */
  public static ApiException unknownField(String field, List<String> known) {
    String message = "is not a known field; known fields: " + String.join(", ", known);
    return new ApiException(
        ErrorCode.INVALID_INPUT,
        field + " " + message + ".",
        List.of(new FieldError(field, message)));
  }

  /**
   * An error that passes by itself; the answer carries {@code Retry-After}.
   *
   * @param wait when to try again
   * @see RetryDelay
   */
  public static ApiException retryLater(ErrorCode code, String detail, Duration wait) {
    return new ApiException(code, detail, List.of(), RetryDelay.header(wait));
  }

  public ErrorCode code() {
    return code;
  }

  /** Which fields are wrong; empty where no single field is. */
  public List<FieldError> errors() {
    return errors;
  }

  public Map<String, String> headers() {
    return headers;
  }

  /**
   * What is wrong with one field of the input.
   *
   * @param field its path, such as {@code settings.timeout}
   * @param message what is wrong with it and what would be right
   */
  @RegisterForReflection
  public record FieldError(String field, String message) {}
}
