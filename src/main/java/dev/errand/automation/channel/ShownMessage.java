package dev.errand.automation.channel;

import dev.errand.automation.channel.ChannelMessage.Fact;
import dev.errand.base.json.Json;
import dev.errand.base.markdown.MarkdownText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commonmark.node.Node;
import org.jspecify.annotations.Nullable;

/**
 * A message as all kinds of channels show it: its texts can't form links, and have no characters
 * that are invisible.
 *
 * @param lines why it happened and what to do; each a paragraph
 * @param facts names and values in one line each; the first say when it happened and since when
 * @param quoted texts of models and tools
 * @param url the address of the page that shows it; null for none
 * @param answer what the run answered, whose links say where they lead; null for none
 */
record ShownMessage(
    String title,
    List<String> lines,
    List<Fact> facts,
    List<Fact> quoted,
    @Nullable String url,
    @Nullable Answer answer) {
  /** What stands for the rest of an answer that is too long for a message. */
  static final String CUT = "The answer is longer: see the rest in Errand.";

  /**
   * An answer as channels show it.
   *
   * @param text what it is where it can't be rendered
   * @param markdown null where it can't be
   */
  record Answer(String text, @Nullable Node markdown, boolean isCut) {
    static Answer of(RunAnswer answer, Json json) {
      String text = ShownText.visible(answer.markdown(json));
      return new Answer(text, MarkdownText.forMessage(text), answer.isCut());
    }

    /** The answer in plain lines. */
    String lines() {
      return (markdown == null ? text : MarkdownText.lines(markdown)).strip()
          + (isCut ? "\n\n" + CUT : "");
    }
  }

  static ShownMessage of(ChannelMessage message, Json json) {
    // First, since receivers cut long lists.
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Happened", MessageTime.of(message.happenedAt(), message.zone())));
    if (!message.since().equals(message.happenedAt())) {
      facts.add(new Fact("Since", MessageTime.of(message.since(), message.zone())));
    }
    for (Fact fact : message.facts()) {
      facts.add(new Fact(ShownText.line(fact.name()), ShownText.line(fact.value())));
    }
    return new ShownMessage(
        ShownText.line(message.title()),
        Stream.of(message.why(), message.todo())
            .flatMap(Stream::ofNullable)
            .filter(line -> !line.isBlank())
            .map(ShownText::of)
            .toList(),
        facts,
        message.quoted().stream()
            .map(text -> new Fact(ShownText.line(text.name()), ShownText.of(text.value())))
            .toList(),
        message.url(),
        message.answer() == null ? null : Answer.of(message.answer(), json));
  }

  /** Why it happened and what to do, with an empty line between them. */
  String paragraphs() {
    return String.join("\n\n", lines);
  }

  /** Everything but the title, in plain text; the answer first. */
  String text() {
    return Stream.of(
            Stream.ofNullable(answer).map(Answer::lines),
            Stream.of(paragraphs()),
            Stream.of(
                facts.stream()
                    .map(fact -> fact.name() + ": " + fact.value())
                    .collect(Collectors.joining("\n"))),
            quoted.stream().map(text -> text.name() + ":\n" + text.value()))
        .flatMap(part -> part)
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining("\n\n"));
  }
}
