package dev.errand.app.database;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a migration may do, as far as its text shows it: the version before works on the new schema,
 * and no large table is locked for long.
 */
final class MigrationRules {
  /** The last migration from before there were rules. */
  static final int BEFORE_THE_RULES = 46;

  private static final Set<String> LARGE =
      Set.of(
          "run",
          "run_entry",
          "run_tombstone",
          "usage_tally",
          "usage_day",
          "schedule_fire",
          "trigger_delivery",
          "callback_delivery",
          "callback_attempt",
          "tool_definitions",
          "audit");

  private static final Pattern CONTRACT =
      Pattern.compile("(?m)^-- contract: unused since (\\d+\\.\\d+\\.\\d+)\\b");
  private static final String NAME = "(?:only )?(?:\"?\\w+\"?\\.)?\"?(\\w+)\"?";
  private static final Pattern ALTER =
      Pattern.compile("alter table (?:if exists )?" + NAME + "\\s+(.*)");
  private static final Pattern INDEX =
      Pattern.compile("create (?:unique )?index (concurrently )?.*?\\bon " + NAME + "\\b.*");
  private static final Pattern WRITE =
      Pattern.compile("(?:update|delete from|insert into) " + NAME + "\\b(.*)");
  private static final Pattern NO_TRANSACTION =
      Pattern.compile(
          "(?:create (?:unique )?index|drop index|reindex.*) concurrently.*|vacuum\\b.*|reindex\\b.*");
  private static final Pattern VOLATILE =
      Pattern.compile(
          ".*(?:\\bstored\\b|\\bserial\\b|\\bidentity\\b"
              + "|default (?:gen_random_uuid|random|clock_timestamp|nextval|timeofday)).*");

  private MigrationRules() {}

  /**
   * A migration.
   *
   * @param name of its file
   * @param text what is in it
   */
  record Script(String name, String text) {
    int version() {
      return Integer.parseInt(name.replaceFirst("V(\\d+)__.*", "$1"));
    }

    /** Without comments, functions' bodies and texts, in lower case, one space between words. */
    List<String> statements() {
      String bare =
          text.replaceAll("(?m)--.*$", "")
              .replaceAll("(?s)/\\*.*?\\*/", "")
              .replaceAll("(?s)\\$(\\w*)\\$.*?\\$\\1\\$", "''")
              .replaceAll("'(?:[^']|'')*'", "''");
      return Pattern.compile(";")
          .splitAsStream(bare.toLowerCase(Locale.ROOT))
          .map(statement -> statement.replaceAll("\\s+", " ").strip())
          .filter(statement -> !statement.isEmpty())
          .toList();
    }
  }

  /**
   * The rules that it breaks, each as a sentence.
   *
   * @param released the versions that there were
   */
  static List<String> broken(Script script, Set<String> released) {
    List<String> broken = new ArrayList<>();
    Optional<String> since =
        Optional.of(CONTRACT.matcher(script.text())).filter(Matcher::find).map(m -> m.group(1));
    since
        .filter(version -> !released.contains(version))
        .ifPresent(version -> broken.add("no version " + version + " was released"));
    List<String> statements = script.statements();
    for (String statement : statements) {
      if (since.isEmpty() && takesAway(statement)) {
        broken.add(
            "takes away what the version before may use; the next but one may do so, under a line"
                + " \"-- contract: unused since <version>\": "
                + statement);
      }
      alterations(statement, broken);
      indexes(statement, broken);
      writes(statement, broken);
    }
    if (statements.stream().anyMatch(statement -> NO_TRANSACTION.matcher(statement).matches())) {
      alone(statements, broken);
    }
    return broken;
  }

  private static boolean takesAway(String statement) {
    return statement.matches("drop (?!index ).*")
        || statement.startsWith("truncate")
        || alterationsOf(statement).stream()
            .anyMatch(what -> what.matches("drop (?!constraint )(?:column )?.*"));
  }

  private static void alterations(String statement, List<String> broken) {
    boolean large = isLarge(ALTER.matcher(statement));
    for (String what : alterationsOf(statement)) {
      boolean adds = what.matches("add (?!constraint|check|unique|primary|foreign|exclude).*");
      if (what.startsWith("rename")) {
        broken.add("renames what the version before knows by its name: " + what);
      }
      if (what.matches("alter .*\\btype\\b.*")) {
        broken.add("changes a type, which rewrites the table: " + what);
      }
      if (what.matches("alter .*set not null")
          || (adds
              && what.contains("not null")
              && !what.matches(".*\\b(?:default|generated)\\b.*"))) {
        broken.add("NOT NULL without a default refuses the rows of the version before: " + what);
      }
      if (large && adds && VOLATILE.matcher(what).matches()) {
        broken.add("rewrites a large table: " + what);
      }
      if (large
          && what.startsWith("add")
          && what.matches(".*\\b(?:check|references|unique|primary|exclude)\\b.*")
          && !what.endsWith("not valid")) {
        broken.add(
            "reads a large table under a lock; add it NOT VALID, validate it later: " + what);
      }
    }
    if (statement.startsWith("lock ")) {
      broken.add("locks more than it says: " + statement);
    }
  }

  private static void indexes(String statement, List<String> broken) {
    Matcher index = INDEX.matcher(statement);
    if (index.matches() && index.group(1) == null && LARGE.contains(index.group(2))) {
      broken.add("builds an index of a large table without CONCURRENTLY: " + statement);
    }
  }

  private static void writes(String statement, List<String> broken) {
    Matcher write = WRITE.matcher(statement);
    if (write.matches()
        && LARGE.contains(write.group(1))
        && (!statement.startsWith("insert") || write.group(2).contains("select"))) {
      broken.add("changes a large table at once; let the service do it in batches: " + statement);
    }
  }

  // Such a file is repeated from its beginning when it failed half-way.
  private static void alone(List<String> statements, List<String> broken) {
    boolean isDrop = statements.getFirst().matches("drop index concurrently if exists \\w+");
    boolean isBuild =
        statements.size() == 2
            && statements
                .get(1)
                .matches(
                    "create (?:unique )?index concurrently "
                        + statements.getFirst().replaceFirst(".* ", "")
                        + " on .*");
    if (!isDrop) {
      broken.add(
          "must begin with DROP INDEX CONCURRENTLY IF EXISTS, for what an earlier try has left");
    }
    if (!(isDrop && (isBuild || statements.size() == 1))) {
      broken.add("what runs outside a transaction needs a file of its own, for one index");
    }
  }

  private static boolean isLarge(Matcher table) {
    return table.matches() && LARGE.contains(table.group(1));
  }

  /** The parts of an ALTER TABLE, which commas outside brackets divide. */
  private static List<String> alterationsOf(String statement) {
    Matcher alter = ALTER.matcher(statement);
    List<String> parts = new ArrayList<>();
    if (!alter.matches()) {
      return parts;
    }
    StringBuilder part = new StringBuilder();
    int depth = 0;
    for (char c : alter.group(2).toCharArray()) {
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        parts.add(part.toString().strip());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString().strip());
    return parts;
  }
}
