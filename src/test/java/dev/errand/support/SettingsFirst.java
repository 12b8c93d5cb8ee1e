package dev.errand.support;

import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;

/**
 * Puts tests without a profile before those with one: the libraries that they share are closed when
 * a test with a profile begins.
 */
public final class SettingsFirst implements ClassOrderer {
  @Override
  public void orderClasses(ClassOrdererContext context) {
    context
        .getClassDescriptors()
        .sort(
            Comparator.comparing(SettingsFirst::hasProfile)
                .thenComparing(found -> found.getTestClass().getName()));
  }

  // The class loaders of a test and of this class have an annotation each.
  private static boolean hasProfile(ClassDescriptor found) {
    return Stream.of(found.getTestClass().getAnnotations())
        .anyMatch(one -> one.annotationType().getSimpleName().equals("TestProfile"));
  }
}
