package dev.errand.support;

import static dev.errand.support.Api.api;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A guide of the documents that a test follows, command by command. */
public final class Guide {
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?s)curl -sX (\\w+) [^\n]*?\"?[$](PROFILE|TASK)([^\\s\"]*)\"?(?: -d '\n(.*?)')?\n```");
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)\\n```$");

  private final String text;
  private final Iterator<MatchResult> commands;
  private final Map<String, String> addresses;
  private final Map<String, String> replaced = new HashMap<>();

  /**
   * Opens a guide.
   *
   * @param name of its file
   * @param profile what it calls PROFILE
   * @param task what it calls TASK
   */
  public Guide(String name, String profile, String task) {
    try {
      text = Files.readString(Path.of("src/docs", name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    commands = COMMAND.matcher(text).results().iterator();
    addresses = Map.of("PROFILE", profile, "TASK", task);
  }

  /** Puts something in the place of what the guide says, such as an address. */
  public Guide with(String said, String meant) {
    replaced.put(said, meant);
    return this;
  }

  /** Does what its next command does. */
  public ValidatableResponse follow(String what, int status) {
    MatchResult command = commands.next();
    RequestSpecification request = api();
    if (command.group(4) != null) {
      request.body(meant(command.group(4)));
    }
    String path = addresses.get(command.group(2)) + meant(command.group(3));
    Response answer = request.request(command.group(1), path);
    assertEquals(status, answer.statusCode(), what + ", " + path + ": " + answer.asString());
    return answer.then();
  }

  private String meant(String said) {
    String meant = said;
    for (Map.Entry<String, String> each : replaced.entrySet()) {
      meant = meant.replace(each.getKey(), each.getValue());
    }
    return meant;
  }

  /** Whether it has no further command. */
  public boolean isOver() {
    return !commands.hasNext();
  }

  /** What it shows in blocks that name no language, such as messages. */
  public List<String> shown() {
    return blocks("");
  }

  /** The blocks in a language. */
  public List<String> blocks(String language) {
    Stream<MatchResult> blocks = BLOCK.matcher(text).results();
    return blocks
        .filter(block -> block.group(1).equals(language))
        .map(block -> meant(block.group(2)))
        .toList();
  }
}
