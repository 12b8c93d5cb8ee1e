package dev.errand.base.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.field.ApiSchema;
import dev.errand.base.field.Field;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A problem document (RFC 9457).
 *
 * @param errors which fields are wrong; absent where no field is
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
@ApiSchema("Problem")
public record Problem(
    @Field("`urn:errand:error:` and the code.") String type,
    @Field("The kind of error.") String title,
    @Field("The HTTP status.") int status,
    @Field("What happened, and what to do.") String detail,
    @Field(value = "A stable code.", codes = ErrorCode.class) String code,
    @Nullable List<ApiException.FieldError> errors) {
  public static final String MEDIA_TYPE = "application/problem+json";

  public static Problem of(ApiException e) {
    return of(e.code(), String.valueOf(e.getMessage()), e.errors());
  }

  public static Problem of(ErrorCode code, String detail, List<ApiException.FieldError> errors) {
    return new Problem(
        "urn:errand:error:" + code.code(),
        code.title(),
        code.status(),
        detail,
        code.code(),
        errors.isEmpty() ? null : errors);
  }
}
