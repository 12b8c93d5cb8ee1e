package dev.errand.adapters.tasktool;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.base.egress.client.GuardedHttp;
import dev.errand.base.error.ApiException;
import dev.errand.base.http.Problem;
import dev.errand.tools.install.InnerDoor;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Answers what the servlet {@value InnerDoor#SERVLET} asks, one address for each of its tools, as
 * the API would: with JSON, or with a problem document.
 */
@ApplicationScoped
class ProfileDoor implements InnerDoor {
  private final ProfileTasks tasks;
  private final ObjectMapper json;

  ProfileDoor(ProfileTasks tasks, ObjectMapper json) {
    this.tasks = tasks;
    this.json = json;
  }

  @Override
  public GuardedHttp open(Caller caller, String callId) {
    return request -> answer(caller, callId, request);
  }

  private GuardedHttp.Answer answer(Caller caller, String callId, GuardedHttp.Request request)
      throws IOException, InterruptedException {
    try {
      return answer(200, request, json.writeValueAsString(done(caller, callId, request)));
    } catch (ApiException e) {
      Problem problem = Problem.of(e.code(), String.valueOf(e.getMessage()), e.errors());
      return answer(problem.status(), request, json.writeValueAsString(problem));
    }
  }

  private Object done(Caller caller, String callId, GuardedHttp.Request request)
      throws InterruptedException {
    ObjectNode asked = read(request.body());
    return switch (URI.create(request.url()).getPath()) {
      case "/list" -> tasks.list(caller);
      case "/create" -> tasks.create(caller, read(asked, ProfileTasks.NewTask.class));
      case "/run" -> tasks.run(caller, callId, read(asked, ProfileTasks.RunOf.class));
      case "/wait" ->
          tasks.await(caller, read(asked, ProfileTasks.WaitFor.class), request.timeout());
      case "/schedule" -> tasks.schedule(caller, read(asked, ProfileTasks.ScheduleOf.class));
      default -> throw ApiException.invalid("tool", "there is none of that name");
    };
  }

  private ObjectNode read(byte[] body) {
    try {
      if (json.readTree(body) instanceof ObjectNode asked) {
        return asked;
      }
    } catch (IOException e) {
      // As what is JSON, but no object.
    }
    throw ApiException.invalid("body", "must be a JSON object");
  }

  private <T> T read(ObjectNode asked, Class<T> type) {
    try {
      return json.treeToValue(asked, type);
    } catch (JsonProcessingException e) {
      throw ApiException.invalid("arguments", "do not fit the schema of the tool");
    }
  }

  private static GuardedHttp.Answer answer(int status, GuardedHttp.Request request, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > request.maxAnswerBytes()) {
      throw new IOException("the answer is larger than a tool may read.");
    }
    return new GuardedHttp.Answer(status, Map.of(), bytes, URI.create(request.url()));
  }
}
