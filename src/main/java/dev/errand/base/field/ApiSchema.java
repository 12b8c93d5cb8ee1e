package dev.errand.base.field;

import dev.errand.base.json.Coded;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Puts a record, with the {@link Field}s that it declares, or the codes of an enum into the API's
 * document. A record within one of a request is a part of the request.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface ApiSchema {
  /** The name of the schema; empty where it stands within that of another record. */
  String value() default "";

  String description() default "";

  /** Whether it may have other fields. */
  boolean open() default false;

  /** The group of an enum's codes that it has, as {@link Coded#isIn} has them; empty for all. */
  String group() default "";

  /**
   * The record that answers show. What it has besides is set by the server alone, and ignored in
   * requests, so that the answer of a GET can be PUT.
   */
  Class<?> answer() default void.class;

  /**
   * The name of the schema of a merge patch of a request, in which nothing is required and null is
   * the default; empty where there is none.
   */
  String patch() default "";

  /**
   * The name of the schema of a request that has the same fields, of which {@link #variantFields}
   * declares some in another way; empty where there is none.
   */
  String variant() default "";

  /** The record with {@link ApiSchema} that declares them. */
  Class<?> variantFields() default void.class;
}
