package dev.errand.docs;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Writes the reference of the configuration from the sources: from each {@code @ConfigMapping} with
 * its Javadoc, and from each {@code @ConfigProperty} of a constructor with its {@code @param}.
 */
final class ConfigurationReference {
  private static final String HEAD =
      """
      # Configuration

      Every setting of the service. A setting is read from the environment, from a system property, or from
      `config/application.properties` beside the process. Durations are ISO 8601 (`PT5M`), sizes are bytes or
      have a suffix (`128M`). Lists are separated by commas. What the framework itself reads, such as the
      database, is in [Operating](operating.md#settings-of-the-framework).

      This file is generated from the Javadoc of the sources.

      """;

  private final TreeMap<String, Group> groups = new TreeMap<>();
  private final Map<String, ClassTree> types = new HashMap<>();
  private final Map<ClassTree, TreePath> paths = new HashMap<>();
  private final DocTrees docs;

  /** A setting as the reference shows it. */
  private record Setting(String type, String value, String meaning) {}

  /** The settings that share a prefix. */
  private static final class Group {
    private String meaning = "";
    private final TreeMap<String, Setting> settings = new TreeMap<>();
  }

  private ConfigurationReference(DocTrees docs) {
    this.docs = docs;
  }

  /** The reference of the sources in a folder. */
  static String of(Path sources) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(sources)) {
      files = all.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  manager,
                  null,
                  List.of("-proc:none"),
                  null,
                  manager.getJavaFileObjectsFromPaths(files));
      ConfigurationReference reference = new ConfigurationReference(DocTrees.instance(task));
      Iterable<? extends CompilationUnitTree> units = task.parse();
      for (CompilationUnitTree unit : units) {
        reference.collect(unit);
      }
      return reference.markdown();
    }
  }

  private void collect(CompilationUnitTree unit) {
    new TreePathScanner<Void, Void>() {
      @Override
      public Void visitClass(ClassTree type, Void nothing) {
        types.put(type.getSimpleName().toString(), type);
        paths.put(type, getCurrentPath());
        String prefix = value(type.getModifiers(), "ConfigMapping", "prefix");
        if (prefix != null) {
          Group group = group(prefix);
          group.meaning = text(docs.getDocCommentTree(getCurrentPath()));
          for (Tree member : type.getMembers()) {
            if (member instanceof ClassTree nested) {
              types.put(nested.getSimpleName().toString(), nested);
              paths.put(nested, new TreePath(getCurrentPath(), nested));
            }
          }
          settings(group, prefix, type);
        }
        return super.visitClass(type, null);
      }

      @Override
      public Void visitMethod(MethodTree method, Void nothing) {
        if (method.getReturnType() == null) {
          method.getParameters().forEach(each -> parameter(getCurrentPath(), each));
        }
        return super.visitMethod(method, null);
      }
    }.scan(unit, null);
  }

  private void settings(Group group, String prefix, ClassTree type) {
    for (Tree member : type.getMembers()) {
      // What has a body is no setting.
      if (!(member instanceof MethodTree method) || method.getBody() != null) {
        continue;
      }
      String key = prefix + "." + dashed(method.getName().toString());
      String returned = String.valueOf(method.getReturnType());
      ClassTree nested = types.get(returned.replaceFirst("^Map<String, (\\w+)>$", "$1"));
      if (nested != null && nested.getKind() == Tree.Kind.INTERFACE) {
        settings(group, returned.startsWith("Map<") ? key + ".<name>" : key, nested);
        continue;
      }
      String byDefault = value(method.getModifiers(), "WithDefault", "value");
      TreePath path = new TreePath(paths.get(type), method);
      group.settings.put(
          key, new Setting(named(returned), shown(byDefault), text(docs.getDocCommentTree(path))));
    }
  }

  private void parameter(TreePath constructor, VariableTree parameter) {
    String key = value(parameter.getModifiers(), "ConfigProperty", "name");
    if (key == null || !key.startsWith("errand.")) {
      return;
    }
    DocCommentTree comment = docs.getDocCommentTree(constructor);
    String meaning =
        comment == null
            ? ""
            : comment.getBlockTags().stream()
                .filter(ParamTree.class::isInstance)
                .map(ParamTree.class::cast)
                .filter(tag -> tag.getName().toString().equals(parameter.getName().toString()))
                .map(tag -> sentence(text(tag.getDescription())))
                .findFirst()
                .orElse("");
    Group group = group(key.substring(0, key.lastIndexOf('.')));
    Setting known = group.settings.get(key);
    if (known == null || known.meaning().isEmpty()) {
      group.settings.put(
          key,
          new Setting(
              named(String.valueOf(parameter.getType())),
              shown(value(parameter.getModifiers(), "ConfigProperty", "defaultValue")),
              meaning));
    }
  }

  private Group group(String prefix) {
    return groups.computeIfAbsent(prefix, none -> new Group());
  }

  private String markdown() {
    StringBuilder page = new StringBuilder(HEAD);
    groups.forEach(
        (prefix, group) -> {
          page.append("## `").append(prefix).append("`\n\n");
          if (!group.meaning.isEmpty()) {
            page.append(group.meaning).append("\n\n");
          }
          page.append("| setting | type | default | meaning |\n| --- | --- | --- | --- |\n");
          group.settings.forEach(
              (key, setting) ->
                  page.append(
                      "| `%s`<br>`%s` | %s | %s | %s |\n"
                          .formatted(
                              key,
                              variable(key),
                              setting.type(),
                              setting.value(),
                              setting.meaning().replace("|", "\\|"))));
          page.append('\n');
        });
    return page.toString().stripTrailing() + "\n";
  }

  /** The settings that say nothing of their meaning. */
  static List<String> unexplained(String reference) {
    return reference
        .lines()
        .filter(line -> line.startsWith("| `") && line.endsWith("|  |"))
        .toList();
  }

  private static String variable(String key) {
    return key.replaceAll("[^A-Za-z0-9<>]", "_").toUpperCase(Locale.ROOT);
  }

  private static String shown(@Nullable String byDefault) {
    return byDefault == null || byDefault.isEmpty() ? "" : "`" + byDefault + "`";
  }

  private static String named(String type) {
    String plain =
        type.replaceAll("@\\w+\\([^)]*\\) ?", "").replaceAll("^(Optional|List)<(.*)>$", "$2");
    return switch (plain) {
      case "int", "Integer", "long", "OptionalInt" -> "whole number";
      case "double", "Double" -> "number";
      case "boolean" -> "`true` or `false`";
      case "String" -> "text";
      case "List<String>", "List<ProfileGroup>" -> "list";
      case "Duration" -> "duration";
      case "MemorySize" -> "size";
      case "URI" -> "URL";
      case "Path" -> "file";
      case "WorkMode" -> "`loop` or `request`";
      default -> plain;
    };
  }

  private static String dashed(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static @Nullable String value(ModifiersTree modifiers, String annotation, String field) {
    for (AnnotationTree each : modifiers.getAnnotations()) {
      if (!each.getAnnotationType().toString().equals(annotation)) {
        continue;
      }
      for (ExpressionTree argument : each.getArguments()) {
        if (argument instanceof AssignmentTree assignment) {
          if (assignment.getVariable().toString().equals(field)) {
            return literal(assignment.getExpression());
          }
        } else if (field.equals("value")) {
          return literal(argument);
        }
      }
    }
    return null;
  }

  private static String literal(ExpressionTree expression) {
    return expression instanceof com.sun.source.tree.LiteralTree literal
        ? String.valueOf(literal.getValue())
        : expression.toString();
  }

  private static String text(@Nullable DocCommentTree comment) {
    return comment == null ? "" : text(comment.getFullBody());
  }

  private static String sentence(String phrase) {
    return phrase.substring(0, 1).toUpperCase(Locale.ROOT) + phrase.substring(1) + ".";
  }

  private static String text(List<? extends DocTree> parts) {
    StringBuilder text = new StringBuilder();
    for (DocTree part : parts) {
      text.append(
          switch (part) {
            case TextTree plain -> plain.getBody();
            case LiteralTree literal -> "`" + literal.getBody().getBody().strip() + "`";
            case LinkTree link ->
                "`"
                    + dashed(link.getReference().getSignature().replaceAll("^.*[#.]|\\(.*\\)", ""))
                    + "`";
            default -> part.toString();
          });
    }
    return text.toString().replaceAll("\\s+", " ").strip();
  }
}
