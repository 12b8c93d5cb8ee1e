package dev.errand;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.platform.suite.api.IncludeEngines;
import org.junit.platform.suite.api.IncludeTags;
import org.junit.platform.suite.api.Suite;

/**
 * The tests of some packages that start the service; the build runs each suite in a JVM of its own.
 * The suites take about equally long, and packages whose tests share settings ({@link
 * dev.errand.support.Settings}, {@link io.quarkus.test.junit.TestProfile}) are together where that
 * can be, since each suite starts the service once for all tests with the same settings; where a
 * test of a package shares its settings with another suite, that one names it. A suite loads all
 * tests of its packages, so tests of one package cannot be divided by tags.
 */
@Suite
@IncludeEngines("junit-jupiter")
@IncludeTags("io.quarkus.test.junit.QuarkusTest")
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface ServiceSuite {}
