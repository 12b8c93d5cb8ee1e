package dev.errand.base.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.base.http.Paging.Listed;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A list is read as far as its items fit, and memory is held for them. */
class FittingItemsTest {
  private static final long MB = 1024 * 1024;

  private final ReadBudget budget = new ReadBudget(100 * MB, Duration.ZERO);
  private final RequestMemory request = new RequestMemory(budget, new CurrentVertxRequest());
  private final FittingItems items =
      new FittingItems(request, budget, new BoundedPages(budget, request));

  @Test
  void aListThatFitsIsWhole() {
    assertEquals(new Listed<>(List.of(0, 1, 2), false), read(10, List.of(5L, 6L, 7L)));
    assertEquals(4 * 18, budget.used());
    request.release();
    assertEquals(0, budget.used());
  }

  @Test
  void anEmptyListHoldsNothing() {
    assertEquals(new Listed<>(List.of(), false), read(10, List.of()));
    assertEquals(0, budget.used());
  }

  @Test
  void aListIsCutAtItsLimit() {
    assertEquals(new Listed<>(List.of(0, 1), true), read(2, List.of(5L, 6L, 7L)));
  }

  @Test
  void aPageEndsBeforeWhatDoesNotFit() {
    assertEquals(new Listed<>(List.of(0, 1), true), read(10, Collections.nCopies(5, 3 * MB)));
    request.release();
    assertEquals(new Listed<>(List.of(0), true), read(10, List.of(9 * MB, 1L)));
  }

  @Test
  void aRequestDoesNotWaitForItself() {
    request.open("ada").hold(20 * MB);
    request.open("ada").hold(1000 * MB);
    assertEquals(75 * MB, budget.used(), "a quarter is left to others");
  }

  @Test
  void whoHoldsTooMuchIsAskedToComeAgain() {
    // Of another request.
    new RequestMemory(budget, new CurrentVertxRequest()).open("ada").hold(12 * MB);
    ApiException refused = assertThrows(ApiException.class, () -> read(10, List.of(MB)));
    assertEquals(ErrorCode.UNAVAILABLE, refused.code());
  }

  private Listed<Integer> read(int most, List<Long> sizes) {
    return items.read("ada", most, sizes, number -> IntStream.range(0, number).boxed().toList());
  }
}
