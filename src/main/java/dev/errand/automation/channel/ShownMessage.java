package dev.errand.automation.channel;

import dev.errand.automation.channel.ChannelMessage.Fact;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A message as all kinds of channels show it: its texts can't form links, and have no characters
 * that are invisible.
 *
 * @param lines why it happened and what to do; each a paragraph
 * @param facts names and values in one line each; the first say when it happened and since when
 * @param quoted texts of models and tools
 * @param url the address of the page that shows it; null for none
 */
record ShownMessage(
    String title, List<String> lines, List<Fact> facts, List<Fact> quoted, @Nullable String url) {
  static ShownMessage of(ChannelMessage message) {
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
        message.url());
  }

  /** Why it happened and what to do, with an empty line between them. */
  String paragraphs() {
    return String.join("\n\n", lines);
  }

  /** Everything but the title, in plain text. */
  String text() {
    return Stream.of(
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
