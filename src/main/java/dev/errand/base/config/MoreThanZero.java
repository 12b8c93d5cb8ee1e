package dev.errand.base.config;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.ReportAsSingleViolation;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.hibernate.validator.constraints.time.DurationMin;

/** A setting that is a duration of at least a millisecond. */
@Documented
@Constraint(validatedBy = {})
@DurationMin(millis = 1)
@ReportAsSingleViolation
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface MoreThanZero {
  /** What the start says about it. */
  String message() default "must be more than 0";

  /** Unused, but part of every constraint. */
  Class<?>[] groups() default {};

  /** Unused, but part of every constraint. */
  Class<? extends Payload>[] payload() default {};
}
