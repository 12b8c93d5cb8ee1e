package dev.errand.nativeimage;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a native build makes of the classes of a native-sources jar: which it initialises, and which
 * it leaves to the executable's start.
 */
final class ImageBuild {
  /** Starts what Quarkus starts while it builds. */
  static final String APPLICATION = "io.quarkus.runner.ApplicationImpl";

  private static final Pattern AT_RUN_TIME = Pattern.compile("--initialize-at-run-time=(\\S+)");

  private final ClassLoader loader = ClassLoader.getSystemClassLoader();
  private final Set<String> atRunTime = new HashSet<>();

  ImageBuild() throws IOException {
    readFeature();
    readLibraries();
  }

  /** The classes that the executable's start initialises. */
  Set<String> atRunTime() {
    return atRunTime;
  }

  /** Whether objects of a class can't be in the image, as their class is not initialised there. */
  boolean isAtRunTime(Class<?> type) {
    for (Class<?> t = type; t != null; t = t.getSuperclass()) {
      if (atRunTime.contains(t.getName())) {
        return true;
      }
    }
    return false;
  }

  /** Initialises these classes, but for the JDK's and those that are left to the start. */
  List<Class<?>> initialise(Iterable<String> names) {
    List<Class<?>> initialised = new ArrayList<>();
    for (String name : names) {
      try {
        Class<?> type = Class.forName(name, false, loader);
        if (loader.equals(type.getClassLoader())
            && !isAtRunTime(type)
            && !Proxy.isProxyClass(type)) {
          Class.forName(name, true, loader);
          initialised.add(type);
        }
      } catch (ClassNotFoundException | LinkageError e) {
        // As in the build: what is compiled against something that isn't there is never reached.
        System.err.println("Not initialised: " + name + ": " + e);
      }
    }
    return initialised;
  }

  /** The classes of the jar of the application. */
  static List<String> classes(String jar) throws IOException {
    try (JarFile file = new JarFile(jar)) {
      return file.stream()
          .map(JarEntry::getName)
          .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF"))
          .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
          .filter(name -> !name.startsWith("io.quarkus.runner.Feature"))
          .filter(name -> !name.contains(".Target_"))
          .toList();
    }
  }

  // The feature that the augmentation generates lists the classes in code.
  private void readFeature() throws IOException {
    ClassModel feature;
    try (InputStream in = loader.getResourceAsStream("io/quarkus/runner/Feature.class")) {
      if (in == null) {
        throw new IllegalStateException("This is no jar of a native build.");
      }
      feature = ClassFile.of().parse(in.readAllBytes());
    }
    for (MethodModel method : feature.methods()) {
      Set<String> named = new HashSet<>();
      for (CodeElement element : method.code().map(CodeModel::elementList).orElse(List.of())) {
        if (element instanceof ConstantInstruction constant
            && constant.constantValue() instanceof String text) {
          named.add(text);
        } else if (element instanceof InvokeInstruction call
            && call.name().equalsString("initializeAtRunTime")) {
          atRunTime.addAll(named);
          named.clear();
        }
      }
    }
    if (atRunTime.size() < 20) {
      throw new IllegalStateException("The feature lists no classes: " + atRunTime);
    }
  }

  private void readLibraries() throws IOException {
    for (URL manifest : Collections.list(loader.getResources("META-INF/MANIFEST.MF"))) {
      String path = manifest.getPath();
      if (!manifest.getProtocol().equals("jar") || !path.startsWith("file:")) {
        continue;
      }
      try (JarFile jar = new JarFile(path.substring("file:".length(), path.indexOf('!')))) {
        for (JarEntry entry : Collections.list(jar.entries())) {
          if (entry.getName().matches("META-INF/native-image/.*native-image\\.properties")) {
            Properties properties = new Properties();
            try (InputStream in = jar.getInputStream(entry)) {
              properties.load(in);
            }
            Matcher arguments = AT_RUN_TIME.matcher(properties.getProperty("Args", ""));
            while (arguments.find()) {
              atRunTime.addAll(List.of(arguments.group(1).split(",")));
            }
          }
        }
      }
    }
  }
}
