package dev.errand.models.wire;

import dev.errand.base.limit.ByteBudget;
import jakarta.inject.Singleton;

/**
 * The memory for answers of models' servers, taken from the process's {@link ByteBudget}. Large
 * answers get a part of it, and leave the rest to small ones and to what else is parsed.
 */
@Singleton
class AnswerMemory {
  private static final int PART_LEFT = 4;

  private final ByteBudget all;
  private final ByteBudget large;

  AnswerMemory(ByteBudget all) {
    this.all = all;
    this.large = new ByteBudget(Math.max(1, all.capacity() - all.capacity() / PART_LEFT));
  }

  /**
   * Creates the empty reservation of an answer.
   *
   * @param most the most bytes of the answer
   * @param until the {@link System#nanoTime()} at which waiting for the answer ends
   */
  AnswerBudget open(String host, long most, long until) {
    return new AnswerBudget(all, large, host, most, until);
  }

  /** How many answers wait, with others, for memory. */
  int waiting() {
    return large.waiting() + all.waiting();
  }
}
