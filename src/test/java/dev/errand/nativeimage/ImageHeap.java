package dev.errand.nativeimage;

import java.io.FileDescriptor;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.nio.Buffer;
import java.nio.channels.Channel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** The objects that are reached from static fields, as an image would hold them. */
final class ImageHeap {
  private final ImageBuild build;
  private final IdentityHashMap<Object, Held> held = new IdentityHashMap<>();
  private final Deque<Object> next = new ArrayDeque<>();
  private final Map<Class<?>, List<Field>> fields = new HashMap<>();
  private final List<String> forbidden = new ArrayList<>();

  ImageHeap(ImageBuild build) {
    this.build = build;
  }

  /** What holds an object, and by which of its fields or elements. */
  private record Held(@Nullable Object by, String as) {}

  /** Follows all that the static fields of a class hold. */
  void follow(Class<?> type) throws IllegalAccessException {
    for (Field field : type.getDeclaredFields()) {
      if (Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
        field.setAccessible(true);
        reach(field.get(null), null, type.getName() + '.' + field.getName());
        while (!next.isEmpty()) {
          open(next.poll());
        }
      }
    }
  }

  /** How many objects were reached. */
  int size() {
    return held.size();
  }

  /** What an image may not hold, each with the path to it. */
  List<String> forbidden() {
    return forbidden;
  }

  private void reach(@Nullable Object object, @Nullable Object by, String as) {
    if (object == null
        || object instanceof Class
        || object instanceof ClassLoader
        || object instanceof Module
        || object instanceof MethodHandle
        || object instanceof AccessibleObject
        || object instanceof ReferenceQueue
        || held.putIfAbsent(object, new Held(by, as)) != null) {
      return;
    }
    String why = why(object);
    if (why != null) {
      forbidden.add(why + '\t' + object.getClass().getName() + '\t' + path(object));
    } else if (!(object instanceof String) && !(object instanceof Thread)) {
      next.add(object);
    }
  }

  private void open(Object object) throws IllegalAccessException {
    Class<?> type = object.getClass();
    if (type.isArray()) {
      if (!type.getComponentType().isPrimitive()) {
        for (int i = 0; i < Array.getLength(object); i++) {
          reach(Array.get(object, i), object, "[" + i + "]");
        }
      }
      return;
    }
    for (Field field : fields(type)) {
      reach(field.get(object), object, "." + field.getName());
    }
  }

  private List<Field> fields(Class<?> type) {
    List<Field> known = fields.get(type);
    if (known == null) {
      known = new ArrayList<>();
      for (Class<?> t = type; t != null; t = t.getSuperclass()) {
        for (Field field : t.getDeclaredFields()) {
          if (!Modifier.isStatic(field.getModifiers())
              && !field.getType().isPrimitive()
              && !(t == Reference.class && !field.getName().equals("referent"))) {
            field.setAccessible(true);
            known.add(field);
          }
        }
      }
      fields.put(type, known);
    }
    return known;
  }

  private @Nullable String why(Object object) {
    return switch (object) {
      case InetAddress _ -> "an address, of a class that is initialised at run time";
      case Thread thread when thread.isAlive() -> "a thread that was started";
      case Random random when !(random instanceof ThreadLocalRandom) -> "a random seed";
      case SplittableRandom _ -> "a random seed";
      case FileDescriptor descriptor when descriptor.valid() && !isStandard(descriptor) ->
          "an open file";
      case Buffer buffer when buffer.isDirect() -> "memory outside the heap";
      case Channel channel when channel.isOpen() -> "an open channel";
      case ZipFile _ -> "an open archive";
      case Cleaner _ -> "a cleaner";
      case Cleaner.Cleanable _ -> "something still to be cleaned";
      case Process _ -> "a process";
      default ->
          build.isAtRunTime(object.getClass())
              ? "of a class that is initialised at run time"
              : null;
    };
  }

  private static boolean isStandard(FileDescriptor descriptor) {
    return descriptor == FileDescriptor.in
        || descriptor == FileDescriptor.out
        || descriptor == FileDescriptor.err;
  }

  private String path(Object object) {
    StringBuilder path = new StringBuilder();
    Held reached = held.get(object);
    while (reached != null) {
      path.insert(0, reached.as());
      Object holder = reached.by();
      reached = holder == null ? null : held.get(holder);
    }
    return path.toString();
  }
}
