package dev.errand.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.chaos.Outside.Asked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Compares what was kept with what was asked of the outside. */
final class Verdict {
  // What was on its way out of a process that was stopped goes out when it goes on.
  static final Duration ON_ITS_WAY = Duration.ofSeconds(5);
  private static final Pattern ANSWER = Pattern.compile("answer-([0-9]+)");

  private final Outside outside;
  private final Losses excused;
  private final Set<String> askedAbout;
  private final List<String> broken = new ArrayList<>();
  private int repeatedAnswers;
  private int repeatedCalls;
  private int late;

  private Verdict(Outside outside, Losses excused, Set<String> askedAbout) {
    this.askedAbout = askedAbout;
    this.outside = outside;
    this.excused = excused;
  }

  /**
   * The verdict on what was kept.
   *
   * @param outside what was asked
   * @param excused what may have made a worker lose a run besides the end or the standstill of its
   *     process
   * @param askedAbout the ids of the tool calls that persons decided about, which others check
   */
  static Verdict on(
      Map<String, Kept> runs, Outside outside, Losses excused, Set<String> askedAbout) {
    Verdict verdict = new Verdict(outside, excused, askedAbout);
    runs.values().forEach(verdict::checkEntries);
    Set<List<JsonNode>> known = new HashSet<>();
    runs.values().forEach(run -> verdict.checkAnswers(run, known));
    verdict.checkThatOnlyKeptThingsWereAskedAbout(known);
    runs.values().forEach(verdict::checkCalls);
    return verdict;
  }

  /** What should not be, each in a sentence; empty when all is well. */
  List<String> broken() {
    return broken;
  }

  /** How many requests to the model were for a conversation that it had been asked about. */
  int repeatedAnswers() {
    return repeatedAnswers;
  }

  /** How many tool calls were made again. */
  int repeatedCalls() {
    return repeatedCalls;
  }

  /** How many requests went out of a process that had stood still, after others had gone on. */
  int late() {
    return late;
  }

  private void checkEntries(Kept run) {
    expect(run.status().equals("ready"), run, "is " + run.status());
    expect(
        run.seqs().equals(IntStream.range(0, run.entryCount()).boxed().toList()),
        run,
        "counts " + run.entryCount() + " entries and has " + run.seqs());
    expect(run.count("final message") == 1, run, "has not one final message");
    expect(run.count("run failed") == 0, run, "has failed");
    expect(run.entries().getLast().has("lastMessage"), run, "does not end with its last message");
    Set<String> wanted = new HashSet<>();
    Set<String> answered = new HashSet<>();
    long steps = 0;
    for (JsonNode message : run.messages()) {
      steps += message.path("role").asText().equals("assistant") ? 1 : 0;
      message.path("tool_calls").forEach(call -> wanted.add(call.path("id").asText()));
      if (message.path("role").asText().equals("tool")) {
        String id = message.path("tool_call_id").asText();
        expect(answered.add(id), run, "has two results of " + id);
      }
    }
    expect(answered.equals(wanted), run, "wanted " + wanted + " and has results of " + answered);
    expect(run.usage().path("steps").asLong() == steps, run, "counts its steps wrong");
    expect(run.usage().path("tool_calls").asLong() == wanted.size(), run, "counts its calls wrong");
  }

  /** An answer that was kept is the one to the last request there was for it. */
  private void checkAnswers(Kept run, Set<List<JsonNode>> known) {
    List<JsonNode> messages = run.messages();
    for (int i = 1; i < messages.size(); i++) {
      if (!messages.get(i).path("role").asText().equals("assistant")) {
        continue;
      }
      List<JsonNode> before = messages.subList(0, i);
      known.add(before);
      List<Asked> requests = outside.asked().getOrDefault(before, List.of());
      String what = run.name() + ", asked with " + i + " messages";
      checkRequests(run, what, requests, numbersIn(messages.get(i)));
      repeatedAnswers += Math.max(0, requests.size() - 1);
    }
  }

  private void checkThatOnlyKeptThingsWereAskedAbout(Set<List<JsonNode>> known) {
    outside.asked().keySet().stream()
        .filter(conversation -> !known.contains(conversation))
        .forEach(other -> broken.add("The model was asked about what was never kept: " + other));
  }

  private void checkCalls(Kept run) {
    for (JsonNode message : run.messages()) {
      if (message.path("role").asText().equals("tool")) {
        String id = message.path("tool_call_id").asText();
        if (askedAbout.contains(id)) {
          continue;
        }
        List<Asked> fetches = outside.fetched().getOrDefault(id, List.of());
        checkRequests(run, run.name() + ", call " + id, fetches, numbersIn(message));
        repeatedCalls += Math.max(0, fetches.size() - 1);
      }
    }
  }

  private void checkRequests(Kept run, String what, List<Asked> requests, Set<Integer> kept) {
    int last = requests.size() - 1;
    while (last >= 0 && !kept.contains(requests.get(last).answer())) {
      last--;
    }
    if (last < 0) {
      broken.add(what + ": what was kept, " + kept + ", was never answered: " + requests);
      return;
    }
    for (int i = 1; i < requests.size(); i++) {
      Asked before = requests.get(i - 1);
      Asked now = requests.get(i);
      if (i <= last
          && !wasCutOff(before, now.at())
          && !excused.mayHaveCut(run.name(), before.at(), now.at())) {
        broken.add(what + ": was repeated although nothing cut it off: " + told(requests));
      }
      if (i > last) {
        late++;
        if (!wasLate(now) && !excused.mayBeLate(run.name(), now.at())) {
          broken.add(what + ": was asked for again after it was kept: " + told(requests));
        }
      }
    }
  }

  // One that was on its way out of a process that stood still was of a claim that was lost by then.
  private boolean wasCutOff(Asked request, long until) {
    Life life = outside.lifeOf(request);
    return life.endedBefore(until)
        || life.stoodStillBetween(request.at(), until)
        || wasLate(request);
  }

  private boolean wasLate(Asked request) {
    return outside.lifeOf(request).wentOnShortlyBefore(request.at(), ON_ITS_WAY);
  }

  private String told(List<Asked> requests) {
    return requests.stream()
        .map(
            request ->
                outside.lifeOf(request)
                    + " at "
                    + request.at() / 1_000_000
                    + " ms, answer "
                    + request.answer())
        .toList()
        .toString();
  }

  private static Set<Integer> numbersIn(JsonNode message) {
    Set<Integer> numbers = new HashSet<>();
    JsonNode calls = message.path("tool_calls");
    Matcher matcher =
        ANSWER.matcher(calls.isEmpty() ? message.path("content").asText() : calls.toString());
    while (matcher.find()) {
      numbers.add(Integer.parseInt(matcher.group(1)));
    }
    return numbers;
  }

  private void expect(boolean holds, Kept run, String otherwise) {
    if (!holds) {
      broken.add(run.name() + " " + otherwise + ": " + run.entries());
    }
  }
}
