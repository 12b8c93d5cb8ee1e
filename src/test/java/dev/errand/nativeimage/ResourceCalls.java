package dev.errand.nativeimage;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Called instead of the JDK's look-ups of resources, bundles and services, of its proxies and its
 * serialization: logs what was found.
 */
public final class ResourceCalls {
  private ResourceCalls() {}

  /** {@link Class#getResource}. */
  @Replaces(Class.class)
  public static @Nullable URL getResource(Class<?> type, String name) {
    return resource(absolute(type, name), type.getResource(name));
  }

  /** {@link Class#getResourceAsStream}. */
  @Replaces(Class.class)
  public static @Nullable InputStream getResourceAsStream(Class<?> type, String name) {
    resource(absolute(type, name), type.getResource(name));
    return type.getResourceAsStream(name);
  }

  /** {@link ClassLoader#getResource}. */
  @Replaces(ClassLoader.class)
  public static @Nullable URL getResource(ClassLoader loader, String name) {
    return resource(name, loader.getResource(name));
  }

  /** {@link ClassLoader#getResourceAsStream}. */
  @Replaces(ClassLoader.class)
  public static @Nullable InputStream getResourceAsStream(ClassLoader loader, String name) {
    resource(name, loader.getResource(name));
    return loader.getResourceAsStream(name);
  }

  /** {@link ClassLoader#getResources}. */
  @Replaces(ClassLoader.class)
  public static Enumeration<URL> getResources(ClassLoader loader, String name) throws IOException {
    resource(name, loader.getResource(name));
    return loader.getResources(name);
  }

  private static String absolute(Class<?> type, String name) {
    return name.startsWith("/")
        ? name.substring(1)
        : type.getPackageName().replace('.', '/') + '/' + name;
  }

  private static @Nullable URL resource(String name, @Nullable URL found) {
    if (found != null && found.getProtocol().equals("jar")) {
      ReachabilityLog.note("resource", name);
    }
    return found;
  }

  /** {@link ResourceBundle#getBundle(String)}. */
  @Replaces(value = ResourceBundle.class, isStatic = true)
  public static ResourceBundle getBundle(String name) {
    ReachabilityLog.note("bundle", name);
    return ResourceBundle.getBundle(
        name, Locale.getDefault(), Thread.currentThread().getContextClassLoader());
  }

  /** {@link ResourceBundle#getBundle(String, Locale, ClassLoader)}. */
  @Replaces(value = ResourceBundle.class, isStatic = true)
  public static ResourceBundle getBundle(String name, Locale locale, ClassLoader loader) {
    ReachabilityLog.note("bundle", name);
    return ResourceBundle.getBundle(name, locale, loader);
  }

  /** {@link Proxy#newProxyInstance}. */
  @Replaces(value = Proxy.class, isStatic = true)
  public static Object newProxyInstance(
      ClassLoader loader, Class<?>[] interfaces, InvocationHandler handler) {
    ReachabilityLog.note(
        "proxy", Arrays.stream(interfaces).map(Class::getName).collect(Collectors.joining(",")));
    return Proxy.newProxyInstance(loader, interfaces, handler);
  }

  /** {@link ServiceLoader#load(Class)}. */
  @Replaces(value = ServiceLoader.class, isStatic = true)
  public static <S> ServiceLoader<S> load(Class<S> service) {
    return load(service, Thread.currentThread().getContextClassLoader());
  }

  /** {@link ServiceLoader#load(Class, ClassLoader)}. */
  @Replaces(value = ServiceLoader.class, isStatic = true)
  public static <S> ServiceLoader<S> load(Class<S> service, ClassLoader loader) {
    for (ServiceLoader.Provider<S> provider :
        ServiceLoader.load(service, loader).stream().toList()) {
      if (ReachabilityLog.isOurs(provider.type())) {
        ReachabilityLog.note("service", service.getName() + '=' + provider.type().getName());
      }
    }
    return ServiceLoader.load(service, loader);
  }

  /** {@link ObjectInputStream#readObject}. */
  @Replaces(ObjectInputStream.class)
  public static Object readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    Object read = in.readObject();
    ReachabilityLog.note("serialized", read.getClass().getName());
    return read;
  }

  /** {@link ObjectOutputStream#writeObject}. */
  @Replaces(ObjectOutputStream.class)
  public static void writeObject(ObjectOutputStream out, Object object) throws IOException {
    ReachabilityLog.note("serialized", object.getClass().getName());
    out.writeObject(object);
  }
}
