package dev.errand.automation.schedule;

import static dev.errand.support.Api.TASKS;
import static dev.errand.support.Api.api;
import static dev.errand.support.Api.register;

import dev.errand.support.ScriptedModel;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;

/** A fixture: a task whose schedules the tests fire, with access to the results. */
final class FiredTask {
  static final String TASK = TASKS + "/fired";
  static final String HOURLY = TASK + "/schedules/hourly";

  private final ScriptedModel model;
  private final ScheduleTicker schedules;
  private final TestTime time;
  private final DataSource database;

  FiredTask(ScriptedModel model, ScheduleTicker schedules, TestTime time, DataSource database) {
    this.model = model;
    this.schedules = schedules;
    this.time = time;
    this.database = database;
    register("fired", "Say {{ word }}", model).then().statusCode(201);
  }

  void delete() {
    api().delete(TASK + "?force=true").then().statusCode(204);
  }

  void update(String sql) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement update = connection.createStatement()) {
      update.executeUpdate(sql);
    }
  }

  void tickAt(int hour) {
    time.set(Instant.parse("2026-11-24T00:00:00Z").plus(Duration.ofHours(hour)));
    schedules.tick();
  }

  /** Gives the task another prompt, and switches it on or off. */
  void prompt(String prompt, boolean enabled) {
    api()
        .body(
            Map.of(
                "runner",
                "openai",
                "openai",
                Map.of("prompt", prompt, "model", "gpt-4o", "base_url", model.url()),
                "enabled",
                enabled))
        .put(TASK)
        .then()
        .statusCode(200);
  }

  static ValidatableResponse fires() {
    return fires("hourly");
  }

  static ValidatableResponse fires(String schedule) {
    return api().get(TASK + "/schedules/" + schedule + "/fires").then().statusCode(200);
  }

  static Response hourly(Map<String, Object> more) {
    return put("hourly", more);
  }

  static Response put(String name, Map<String, Object> more) {
    Map<String, Object> body = new HashMap<>();
    body.put("cron", "@hourly");
    body.put("parameters", Map.of("word", "hi"));
    body.putAll(more);
    return api().body(body).put(TASK + "/schedules/" + name);
  }
}
