package dev.errand.adapters.serverless;

import static io.restassured.RestAssured.given;

import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Sends the service events, as a platform does. */
final class EventSender {
  static final String TOKEN = "a-token-of-events-for-tests-of-32-characters";
  static final String TICK = "dev.errand.tick";
  static final String RUN_ENQUEUED = "dev.errand.run.enqueued";

  private EventSender() {}

  /** An event of a type, in the structured form. */
  static String event(String type) {
    return "{\"specversion\":\"1.0\",\"id\":\"t\",\"source\":\"test\",\"type\":\"" + type + "\"}";
  }

  /** Sends an event of a type with the token. */
  static Response send(String type) {
    return post(event(type), TOKEN);
  }

  /** Sends an event with a token. */
  static Response post(String event, String token) {
    return given()
        .header("Authorization", "Bearer " + token)
        .contentType("application/cloudevents+json")
        .body(event)
        .post("/events");
  }

  /** Sends so many events of a type at the same time, and says what each was answered. */
  static List<Integer> sendAtOnce(String type, int number) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < number; i++) {
        answers.add(threads.submit(() -> send(type).statusCode()));
      }
      List<Integer> statuses = new ArrayList<>();
      for (Future<Integer> answer : answers) {
        statuses.add(answer.get());
      }
      return statuses;
    }
  }
}
