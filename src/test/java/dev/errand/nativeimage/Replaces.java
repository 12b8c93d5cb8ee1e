package dev.errand.nativeimage;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The method is called instead of that of the same name and types, which in place of the receiver
 * has its first parameter.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Replaces {
  /** Whose method is replaced. */
  Class<?> value();

  /** Whether that method has no receiver. */
  boolean isStatic() default false;
}
