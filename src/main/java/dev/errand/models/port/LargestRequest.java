package dev.errand.models.port;

import org.jspecify.annotations.Nullable;

/**
 * The most that a request to a model can use.
 *
 * @param prompt the most tokens of the prompt
 * @param mostAnswer the most tokens of the answer
 * @param leastAnswer the fewest to which that may be lowered; the same where the task says how long
 *     an answer may be
 * @param price what they cost; null where that is not known
 */
public record LargestRequest(long prompt, int mostAnswer, int leastAnswer, @Nullable Price price) {

  /**
   * The highest price of a request.
   *
   * @param promptUsd that of the whole prompt
   * @param answerUsd that of one token of the answer
   */
  public record Price(double promptUsd, double answerUsd) {
    /** The cost of the whole request. */
    public double of(int answer) {
      return promptUsd + answer * answerUsd;
    }
  }

  /** The same with answers of that many tokens at most, if that is fewer. */
  public LargestRequest withAnswerOf(int most) {
    return most >= mostAnswer
        ? this
        : new LargestRequest(prompt, most, Math.min(leastAnswer, most), price);
  }
}
