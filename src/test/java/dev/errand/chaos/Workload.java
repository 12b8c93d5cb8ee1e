package dev.errand.chaos;

import dev.errand.support.Wire;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The tasks of the crash test in their profiles, and which run is of which task. */
final class Workload {
  private static final int MOST_CONCURRENCY = 3;
  // Runs that are started one after another are of few tasks, so that these reach their bounds.
  private static final int STARTED_TOGETHER = 40;

  // Each has the tools of the default profile.
  private static final String ADD_PROFILE =
      """
      WITH original AS (SELECT id, account_id FROM profile WHERE name = 'default'),
      added AS (
        INSERT INTO profile (id, account_id, name)
        SELECT gen_random_uuid(), account_id, ? FROM original RETURNING id)
      INSERT INTO installation (id, profile_id, servlet_id, name, address, domains, allow_update)
      SELECT gen_random_uuid(), added.id, servlet_id, name, address, domains, allow_update
      FROM added, original JOIN installation ON installation.profile_id = original.id
      """;

  // One task of so many.
  private static final int ASKING = 3;
  private static final String ASKED_ABOUT =
      """
      , "approvals": {"fetch_fetch": {"when": "arguments.url.endsWith('%s')"}}"""
          .formatted(Outside.ASKED_ABOUT);

  private final int profiles;
  private final List<Task> tasks = new ArrayList<>();
  private final List<Task> taskOfRun = new ArrayList<>();

  /**
   * A task.
   *
   * @param path where the API has it
   * @param concurrency how many of its runs may hold a slot at the same time
   * @param asks whether some of its tool calls wait for a person
   */
  record Task(String path, int concurrency, boolean asks) {}

  /**
   * Deals runs to tasks, in proportion to the concurrency of each.
   *
   * @param random shuffles runs that are started one after another
   */
  Workload(int tasks, int profiles, int runs, Random random) {
    this.profiles = profiles;
    List<Task> slots = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      Task one =
          task(
              task % profiles,
              "task-" + task,
              MOST_CONCURRENCY - task % MOST_CONCURRENCY,
              task % ASKING == 1);
      this.tasks.add(one);
      slots.addAll(Collections.nCopies(one.concurrency(), one));
    }
    for (int run = 0; run < runs; run++) {
      taskOfRun.add(slots.get((int) ((long) run * slots.size() / runs)));
    }
    for (int from = 0; from < runs; from += STARTED_TOGETHER) {
      Collections.shuffle(taskOfRun.subList(from, Math.min(runs, from + STARTED_TOGETHER)), random);
    }
  }

  /** A task of a profile by its number; 0 is the default profile. */
  static Task task(int profile, String name, int concurrency) {
    return task(profile, name, concurrency, false);
  }

  private static Task task(int profile, String name, int concurrency, boolean asks) {
    return new Task(
        "/api/profiles/~/" + profileName(profile) + "/tasks/" + name, concurrency, asks);
  }

  /** How many profiles there are. */
  int profiles() {
    return profiles;
  }

  /** The tasks that runs are dealt to. */
  List<Task> tasks() {
    return tasks;
  }

  /** The task of a run; runs are counted from 0. */
  Task taskOf(int run) {
    return taskOfRun.get(run);
  }

  /** The names of the runs of tasks that ask. */
  Set<String> asking() {
    return IntStream.range(0, runs())
        .filter(run -> taskOf(run).asks())
        .mapToObj(Fleet::nameOf)
        .collect(Collectors.toSet());
  }

  /** How many runs are dealt. */
  int runs() {
    return taskOfRun.size();
  }

  /** Adds the profiles to the database, and registers their notices and the tasks. */
  void register(CrashDatabase database, Fleet fleet, Outside outside)
      throws SQLException, InterruptedException {
    try (Connection connection = database.connect();
        PreparedStatement add = connection.prepareStatement(ADD_PROFILE)) {
      for (int profile = 1; profile < profiles; profile++) {
        add.setString(1, profileName(profile));
        add.executeUpdate();
      }
    }
    for (int profile = 0; profile < profiles; profile++) {
      String path = "/api/profiles/~/" + profileName(profile);
      fleet.putUntilTaken(
          path + "/channels/outside",
          "{\"kind\": \"webhook\", \"url\": \"%s\"}".formatted(outside.noticesUrl()),
          0);
      // Each run has a warning: its last answer is cut.
      fleet.putUntilTaken(
          path + "/notices/warnings",
          "{\"events\": [\"run.warnings\"], \"channel\": \"outside\"}",
          0);
    }
    for (Task task : tasks) {
      register(task, fleet, outside);
    }
  }

  /** Registers a task. */
  static void register(Task task, Fleet fleet, Outside outside) throws InterruptedException {
    List<Wire> wires = Wire.all();
    String runner = wires.get(Math.floorMod(task.path().hashCode(), wires.size())).runner();
    String body =
        """
        {"runner": "%s",
         "%s": {"prompt": "%s{{ number }}", "model": "scripted", "base_url": "%s"},
         "settings": {"key": "sk-a-key-for-the-crash-test", "concurrency": %d%s}}
        """
            .formatted(
                runner,
                runner,
                Conversation.PROMPT,
                outside.modelUrl(),
                task.concurrency(),
                task.asks() ? ASKED_ABOUT : "");
    fleet.putUntilTaken(task.path(), body, 0);
  }

  private static String profileName(int profile) {
    return profile == 0 ? "default" : "profile-" + profile;
  }
}
