package dev.errand.runs.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.errand.base.error.ApiException;
import dev.errand.base.error.ErrorCode;
import dev.errand.runs.live.LongRequestPlaces.Holder;
import dev.errand.runs.live.LongRequestPlaces.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How users share places. */
class LongRequestPlacesTest {
  private static final int MOST = 120;
  private static final Holder ADA = Holder.user(UUID.randomUUID());
  private static final Holder BOB = Holder.user(UUID.randomUUID());

  private final LongRequestPlaces places = new LongRequestPlaces(MOST, "Full.", "Enough.");

  @Test
  void eachUserLeavesHalfOfWhatIsFree() {
    assertEquals(60, takeAll(ADA).size());
    assertEquals(30, takeAll(BOB).size());
    refused(ADA, ErrorCode.RATE_LIMITED);
    int users = 0;
    while (places.taken() < MOST) {
      users++;
      assertEquals(false, takeAll(Holder.user(UUID.randomUUID())).isEmpty());
    }
    assertEquals(5, users);
    refused(BOB, ErrorCode.UNAVAILABLE);
    refused(Holder.user(UUID.randomUUID()), ErrorCode.UNAVAILABLE);
  }

  @Test
  void triggersShareWhatIsLeftForTheirOwner() {
    Holder first = new Holder(ADA.userId(), UUID.randomUUID());
    Holder second = new Holder(ADA.userId(), UUID.randomUUID());
    assertEquals(40, takeAll(first).size());
    assertEquals(14, takeAll(second).size());
    assertEquals(6, takeAll(ADA).size());
    assertEquals(30, takeAll(BOB).size());
  }

  @Test
  void aPlaceIsFreeAgainOnce() {
    List<Place> held = takeAll(ADA);
    held.getFirst().close();
    held.getFirst().close();
    assertEquals(59, places.taken());
    assertEquals(1, takeAll(ADA).size());
    held.forEach(Place::close);
    assertEquals(1, places.taken());
    assertEquals(59, takeAll(ADA).size());
  }

  @Test
  void theOnlyPlaceIsForAnybody() {
    LongRequestPlaces one = new LongRequestPlaces(1, "Full.", "Enough.");
    one.take(ADA).close();
    Place _ = one.take(BOB);
    assertEquals(
        ErrorCode.UNAVAILABLE, assertThrows(ApiException.class, () -> one.take(ADA)).code());
  }

  private List<Place> takeAll(Holder holder) {
    List<Place> taken = new ArrayList<>();
    try {
      while (true) {
        taken.add(places.take(holder));
      }
    } catch (ApiException e) {
      return taken;
    }
  }

  private void refused(Holder holder, ErrorCode code) {
    assertEquals(code, assertThrows(ApiException.class, () -> places.take(holder)).code());
  }
}
