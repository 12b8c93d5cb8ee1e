package dev.errand.models.model;

import dev.errand.models.model.settings.ModelSettings;
import dev.errand.tools.tool.Tool;
import java.util.List;

/**
 * Asks the models of one vendor, in the vendor's own form. It is asked once for each turn of a
 * conversation, and keeps nothing between two of them.
 *
 * <p>A new vendor is a record of settings beside the others, its name in {@code SettingsByRunner},
 * and a package with its port: a bean that puts the question into a request and reads the answer,
 * whole or in pieces, as {@code models.wire} asks of it.
 *
 * @param <S> the settings of its runner
 */
public interface ModelPort<S extends ModelSettings> {

  /** The settings that it takes, by which it is found. */
  Class<S> settings();

  /**
   * Asks once. Waits no longer than the run's time and the longest time of an answer.
   *
   * @param listener is asked whether there is still reason to, takes the text of an answer that
   *     comes in pieces, and holds the memory of a turn until it is written down
   * @throws InterruptedException when the calling thread is interrupted, or the run is no longer
   *     held
   */
  ModelAnswer ask(Question<S> question, RunListener listener) throws InterruptedException;

  /**
   * What a model is asked.
   *
   * @param settings how
   * @param key the key for the model's server; empty where it wants none
   * @param conversation what was said so far, beginning with the prompt
   * @param tools the tools that it may call
   * @param bounds where the run has to end
   */
  record Question<S extends ModelSettings>(
      S settings,
      String key,
      List<ConversationItem> conversation,
      List<Tool> tools,
      Bounds bounds) {
    @Override
    public String toString() {
      return "Question[" + conversation.size() + " messages]";
    }
  }
}
