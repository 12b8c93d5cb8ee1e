package dev.errand.nativeimage;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** Called instead of the JDK's look-ups of classes and their members: logs what was found. */
public final class ReflectionCalls {
  private ReflectionCalls() {}

  private static Class<?> named(Class<?> type) {
    ReachabilityLog.reflected("class", type);
    return type;
  }

  /** {@link Class#forName(String)}. */
  @Replaces(value = Class.class, isStatic = true)
  public static Class<?> forName(String name) throws ClassNotFoundException {
    return named(Class.forName(name, true, ReachabilityLog.caller().getClassLoader()));
  }

  /** {@link Class#forName(String, boolean, ClassLoader)}. */
  @Replaces(value = Class.class, isStatic = true)
  public static Class<?> forName(String name, boolean initialize, @Nullable ClassLoader loader)
      throws ClassNotFoundException {
    return named(Class.forName(name, initialize, loader));
  }

  /** {@link ClassLoader#loadClass}. */
  @Replaces(ClassLoader.class)
  public static Class<?> loadClass(ClassLoader loader, String name) throws ClassNotFoundException {
    return named(loader.loadClass(name));
  }

  /** {@link Class#getDeclaredConstructors}. */
  @Replaces(Class.class)
  public static Constructor<?>[] getDeclaredConstructors(Class<?> type) {
    ReachabilityLog.reflected("constructors", type);
    return type.getDeclaredConstructors();
  }

  /** {@link Class#getConstructors}. */
  @Replaces(Class.class)
  public static Constructor<?>[] getConstructors(Class<?> type) {
    ReachabilityLog.reflected("constructors", type);
    return type.getConstructors();
  }

  /** {@link Class#getDeclaredConstructor}. */
  @Replaces(Class.class)
  public static Constructor<?> getDeclaredConstructor(Class<?> type, Class<?>... parameters)
      throws NoSuchMethodException {
    Constructor<?> found = type.getDeclaredConstructor(parameters);
    ReachabilityLog.reflected("constructor", type);
    return found;
  }

  /** {@link Class#getConstructor}. */
  @Replaces(Class.class)
  public static Constructor<?> getConstructor(Class<?> type, Class<?>... parameters)
      throws NoSuchMethodException {
    Constructor<?> found = type.getConstructor(parameters);
    ReachabilityLog.reflected("constructor", type);
    return found;
  }

  /** {@link Class#getDeclaredMethods}. */
  @Replaces(Class.class)
  public static Method[] getDeclaredMethods(Class<?> type) {
    ReachabilityLog.reflected("methods", type);
    return type.getDeclaredMethods();
  }

  /** {@link Class#getMethods}. */
  @Replaces(Class.class)
  public static Method[] getMethods(Class<?> type) {
    ReachabilityLog.reflected("methods", type);
    return type.getMethods();
  }

  /** {@link Class#getDeclaredMethod}. */
  @Replaces(Class.class)
  public static Method getDeclaredMethod(Class<?> type, String name, Class<?>... parameters)
      throws NoSuchMethodException {
    return found(type.getDeclaredMethod(name, parameters));
  }

  /** {@link Class#getMethod}. */
  @Replaces(Class.class)
  public static Method getMethod(Class<?> type, String name, Class<?>... parameters)
      throws NoSuchMethodException {
    return found(type.getMethod(name, parameters));
  }

  private static Method found(Method method) {
    if (ReachabilityLog.isOurs(method.getDeclaringClass())) {
      ReachabilityLog.note("method", method.getDeclaringClass().getName() + '#' + method.getName());
    }
    return method;
  }

  /** {@link Class#getDeclaredFields}. */
  @Replaces(Class.class)
  public static Field[] getDeclaredFields(Class<?> type) {
    ReachabilityLog.reflected("fields", type);
    return type.getDeclaredFields();
  }

  /** {@link Class#getFields}. */
  @Replaces(Class.class)
  public static Field[] getFields(Class<?> type) {
    ReachabilityLog.reflected("fields", type);
    return type.getFields();
  }

  /** {@link Class#getDeclaredField}. */
  @Replaces(Class.class)
  public static Field getDeclaredField(Class<?> type, String name) throws NoSuchFieldException {
    return found(type.getDeclaredField(name));
  }

  /** {@link Class#getField}. */
  @Replaces(Class.class)
  public static Field getField(Class<?> type, String name) throws NoSuchFieldException {
    return found(type.getField(name));
  }

  private static Field found(Field field) {
    if (ReachabilityLog.isOurs(field.getDeclaringClass())) {
      ReachabilityLog.note("field", field.getDeclaringClass().getName() + '#' + field.getName());
    }
    return field;
  }

  /** {@link Class#getRecordComponents}. */
  @Replaces(Class.class)
  public static RecordComponent[] getRecordComponents(Class<?> type) {
    ReachabilityLog.reflected("components", type);
    return type.getRecordComponents();
  }
}
