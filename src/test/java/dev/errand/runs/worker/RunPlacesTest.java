package dev.errand.runs.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.runs.queue.Allowance;
import dev.errand.runs.queue.Claim;
import dev.errand.support.Eventually;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may hold how many places of a process, where runs of everybody wait. */
class RunPlacesTest {
  private static final int LARGEST = 300;

  private static final AtomicLong RUNS = new AtomicLong();

  /** A user with profiles, and the places that they hold. */
  private static final class User {
    private final UUID id = UUID.randomUUID();
    private final List<UUID> profiles;
    private final List<RunPlaces.Place> held = new ArrayList<>();

    User(int profiles) {
      this.profiles = Stream.generate(UUID::randomUUID).limit(profiles).toList();
    }

    int held() {
      return held.size();
    }

    Claim claim(int number) {
      return new Claim(
          RUNS.incrementAndGet(),
          1,
          UUID.randomUUID(),
          profiles.get(number % profiles.size()),
          id,
          "r",
          "t",
          "u/p",
          "{}",
          "{}",
          0,
          1,
          "{}",
          Instant.EPOCH,
          Instant.EPOCH,
          Instant.EPOCH,
          0,
          false,
          null,
          false);
    }
  }

  private RunPlaces places = begin(1);

  private RunPlaces begin(int concurrency) {
    places = new RunPlaces(concurrency, RunPlaces.number(concurrency), Long.MAX_VALUE);
    return places;
  }

  /** Claims until nobody may take any more; the users take turns. */
  private void claimAll(User... users) {
    int before;
    do {
      before = places.free();
      try (RunPlaces.Reserved reserved = places.reserve((before + 1) / 2)) {
        Allowance allowance = reserved.allowance(List.of());
        while (allowance.most() > 0) {
          Allowance left = allowance;
          for (User user : users) {
            allowance = claim(user, reserved, allowance);
          }
          if (left.equals(allowance)) {
            break;
          }
        }
      }
    } while (places.free() < before);
  }

  private static Allowance claim(User user, RunPlaces.Reserved reserved, Allowance allowance) {
    Claim claim = user.claim(user.held());
    boolean may =
        allowance.most() > 0
            && !allowance.fullUsers().contains(user.id)
            && allowance.profiles().getOrDefault(claim.profileId(), 1) > 0;
    if (!may) {
      return allowance;
    }
    user.held.add(reserved.take(claim));
    return allowance.after(List.of(claim));
  }

  private RunPlaces.Place take(Claim claim) {
    try (RunPlaces.Reserved reserved = places.reserve(1)) {
      return reserved.take(claim);
    }
  }

  private Allowance allowance() {
    return allowance(List.of());
  }

  private Allowance allowance(List<Claim> ending) {
    try (RunPlaces.Reserved reserved = places.reserve((places.free() + 1) / 2)) {
      return reserved.allowance(ending);
    }
  }

  @Test
  void aProcessThatExecutesNoRunsHasNoPlaces() {
    RunPlaces places = new RunPlaces(0, 10_000, Long.MAX_VALUE);
    assertEquals(0, places.size());
    assertEquals(0, places.free());
    try (RunPlaces.Reserved reserved = places.reserve(5)) {
      assertEquals(0, reserved.allowance(List.of()).most());
    }
  }

  @Test
  void aProfileAloneHoldsAsManyAsTheConcurrencyAndAnotherFindsAPlace() {
    for (int concurrency = 1; concurrency <= LARGEST; concurrency++) {
      begin(concurrency);
      assertTrue(places.free() <= concurrency + concurrency / 4 + 1, "a quarter and one more");
      User alone = new User(1);
      claimAll(alone);
      assertEquals(concurrency, alone.held());
      User other = new User(1);
      claimAll(alone, other);
      assertEquals(concurrency, alone.held());
      assertTrue(other.held() > 0);
    }
  }

  @Test
  void aRunThatEndsLeavesItsPlaceToTheNextOfItsProfile() {
    begin(64);
    User alone = new User(1);
    Claim first = alone.claim(0);
    alone.held.add(take(first));
    claimAll(alone);
    assertEquals(64, alone.held());
    assertEquals(Map.of(first.profileId(), 0), allowance().profiles());
    assertEquals(Map.of(first.profileId(), 1), allowance(List.of(first)).profiles());
    // It was only counted as free.
    assertEquals(Map.of(first.profileId(), 0), allowance().profiles());
    assertEquals(RunPlaces.number(64) - 64, places.free());
  }

  @Test
  void aRunThatWaitedForItsModelLeavesNoWorkingPlaceWhenItEnds() {
    places = new RunPlaces(1, 10, Long.MAX_VALUE);
    User user = new User(1);
    Claim idle = user.claim(0);
    take(idle).idle();
    RunPlaces.Place one = take(new User(1).claim(0));
    RunPlaces.Place two = take(new User(1).claim(0));
    assertEquals(0, places.free());
    try (RunPlaces.Reserved next = places.reserve(1, List.of(idle))) {
      assertEquals(0, next.places(), "both working places are taken");
    }
    one.close();
    two.close();
    try (RunPlaces.Reserved next = places.reserve(1, List.of(idle))) {
      assertEquals(1, next.places());
    }
  }

  @Test
  void twoUsersHoldAsManyAndLeaveSome() {
    for (int concurrency = 2; concurrency <= LARGEST; concurrency++) {
      begin(concurrency);
      User one = new User(1);
      User two = new User(1);
      claimAll(one, two);
      int less = Math.min(one.held(), two.held());
      assertTrue(less >= Math.max(1, concurrency / 3), one.held() + " and " + two.held());
      assertTrue(one.held() + two.held() >= concurrency, one.held() + " and " + two.held());
      assertTrue(places.free() > 0, "none of " + concurrency + " is free");
    }
  }

  @Test
  void manyProfilesOfAUserHoldLittleMoreThanOne() {
    begin(64);
    User hog = new User(100);
    claimAll(hog);
    assertEquals(68, hog.held());
    assertEquals(Set.of(hog.id), allowance().fullUsers());
    User other = new User(1);
    claimAll(hog, other);
    assertEquals(68, hog.held());
    assertEquals(9, other.held());
    assertEquals(3, places.free());
  }

  @Test
  void theOtherProfilesOfAUserFindAPlace() {
    begin(64);
    User hog = new User(2);
    for (int i = 0; i < 64; i++) {
      hog.held.add(take(hog.claim(0)));
    }
    Allowance allowance = allowance();
    assertEquals(Set.of(), allowance.fullUsers());
    assertEquals(0, allowance.profiles().get(hog.profiles.getFirst()));
    assertEquals(4, allowance.most());
  }

  @Test
  void aPlaceThatIsLeftMayBeTakenAgain() {
    begin(2);
    User user = new User(1);
    claimAll(user);
    assertTrue(places.isAnyShareHeld());
    user.held.getFirst().close();
    assertFalse(places.isAnyShareHeld());
    user.held.getLast().close();
    assertEquals(Allowance.of(2), allowance());
  }

  @Test
  void runsThatWaitForAModelTakeNoWorkingPlace() {
    places = new RunPlaces(4, 100, Long.MAX_VALUE);
    User user = new User(1);
    while (places.idle() < 79) {
      int before = places.idle();
      claimAll(user);
      user.held.forEach(RunPlaces.Place::idle);
      assertTrue(places.idle() > before, "no run began beside " + before);
    }
    // A fifth of what the process can hold stays for others.
    user.held.forEach(RunPlaces.Place::idle);
    claimAll(user);
    assertEquals(80, user.held());
    User other = new User(1);
    claimAll(user, other);
    assertEquals(4, other.held());
    user.held.forEach(RunPlaces.Place::close);
    assertEquals(1, places.free());
    other.held.forEach(RunPlaces.Place::close);
    assertEquals(5, places.free());
    assertEquals(0, places.idle());
  }

  @Test
  void whoReturnsFromAModelWaitsForItsShareOfTheWorkingPlaces() throws Exception {
    places = new RunPlaces(4, 100, Long.MAX_VALUE);
    User hog = new User(1);
    claimAll(hog);
    hog.held.forEach(RunPlaces.Place::idle);
    claimAll(hog);
    assertEquals(8, hog.held());
    FutureTask<Boolean> back = new FutureTask<>(() -> hog.held.getFirst().resume(() -> true));
    Thread thread = Thread.startVirtualThread(back);
    Eventually.await("it waits", () -> thread.getState() == Thread.State.TIMED_WAITING);
    // Another one's run that returns finds the place that is left to it.
    User other = new User(1);
    RunPlaces.Place its = take(other.claim(0));
    its.idle();
    assertTrue(its.resume(() -> true));
    assertFalse(back.isDone());
    its.close();
    hog.held.getLast().close();
    assertTrue(back.get());
    assertEquals(1, places.free());
  }

  @Test
  void whoWaitsForAPlaceGoesAwayWhenNoStepMayBeginOrItIsInterrupted() throws Exception {
    places = new RunPlaces(1, 10, Long.MAX_VALUE);
    User user = new User(1);
    RunPlaces.Place first = take(user.claim(0));
    first.idle();
    RunPlaces.Place second = take(user.claim(1));
    AtomicBoolean goesOn = new AtomicBoolean(true);
    FutureTask<Boolean> back = new FutureTask<>(() -> first.resume(goesOn::get));
    Thread _ = Thread.startVirtualThread(back);
    goesOn.set(false);
    assertFalse(back.get());

    FutureTask<Boolean> cut = new FutureTask<>(() -> first.resume(() -> true));
    Thread thread = Thread.startVirtualThread(cut);
    thread.interrupt();
    assertInstanceOf(
        InterruptedException.class, assertThrows(ExecutionException.class, cut::get).getCause());
    second.close();
    assertEquals(2, places.free());
    assertTrue(first.resume(() -> true));
    first.close();
    assertEquals(2, places.free());
  }

  @Test
  void noRunBeginsWhileConversationsTakeTheirMemory() {
    places = new RunPlaces(4, 100, 1000);
    User user = new User(1);
    Claim claim = user.claim(0);
    RunPlaces.Place place = take(claim);
    place.holds(300);
    assertEquals(4, places.free());
    try (RunPlaces.Reserved next = places.reserve(1, List.of(claim))) {
      assertEquals(1, next.places());
    }
    place.holds(200);
    assertEquals(0, places.free());
    try (RunPlaces.Reserved next = places.reserve(1, List.of(claim))) {
      assertEquals(0, next.places(), "not in the place of one that ends either");
    }
    place.close();
    assertEquals(5, places.free());
  }
}
