package dev.errand.runs.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.errand.runs.queue.Allowance;
import dev.errand.runs.queue.Claim;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may hold how many places of a process, where runs of everybody wait. */
class RunPlacesTest {
  private static final int LARGEST = 300;

  /** A user with profiles, and the places that they hold. */
  private static final class User {
    private final UUID id = UUID.randomUUID();
    private final List<UUID> profiles;
    private int held;

    User(int profiles) {
      this.profiles = Stream.generate(UUID::randomUUID).limit(profiles).toList();
    }

    Claim claim(int number) {
      return new Claim(
          1,
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
          null);
    }
  }

  private RunPlaces places = new RunPlaces();
  private int free;

  private void begin(int concurrency) {
    places = new RunPlaces();
    free = RunPlaces.number(concurrency);
  }

  /** Claims until nobody may take any more; the users take turns. */
  private void claimAll(User... users) {
    int before;
    do {
      before = free;
      Allowance allowance = places.allowance((free + 1) / 2, free);
      while (allowance.most() > 0) {
        Allowance left = allowance;
        for (User user : users) {
          allowance = claim(user, allowance);
        }
        if (left.equals(allowance)) {
          break;
        }
      }
    } while (free < before);
  }

  private Allowance claim(User user, Allowance allowance) {
    Claim claim = user.claim(user.held);
    boolean may =
        allowance.most() > 0
            && !allowance.fullUsers().contains(user.id)
            && allowance.profiles().getOrDefault(claim.profileId(), 1) > 0;
    if (!may) {
      return allowance;
    }
    places.take(claim);
    user.held++;
    free--;
    return allowance.after(List.of(claim));
  }

  @Test
  void aProfileAloneHoldsAsManyAsTheConcurrencyAndAnotherFindsAPlace() {
    for (int concurrency = 1; concurrency <= LARGEST; concurrency++) {
      begin(concurrency);
      assertTrue(free <= concurrency + concurrency / 4 + 1, "by default each has a connection");
      User alone = new User(1);
      claimAll(alone);
      assertEquals(concurrency, alone.held);
      User other = new User(1);
      claimAll(alone, other);
      assertEquals(concurrency, alone.held);
      assertTrue(other.held > 0);
    }
  }

  @Test
  void twoUsersHoldAsManyAndLeaveSome() {
    for (int concurrency = 2; concurrency <= LARGEST; concurrency++) {
      begin(concurrency);
      User one = new User(1);
      User two = new User(1);
      claimAll(one, two);
      int less = Math.min(one.held, two.held);
      assertTrue(less >= Math.max(1, concurrency / 3), one.held + " and " + two.held);
      assertTrue(one.held + two.held >= concurrency, one.held + " and " + two.held);
      assertTrue(free > 0, "none of " + concurrency + " is free");
    }
  }

  @Test
  void manyProfilesOfAUserHoldLittleMoreThanOne() {
    begin(64);
    User hog = new User(100);
    claimAll(hog);
    assertEquals(68, hog.held);
    assertEquals(Set.of(hog.id), places.allowance(1, free).fullUsers());
    User other = new User(1);
    claimAll(hog, other);
    assertEquals(68, hog.held);
    assertEquals(9, other.held);
    assertEquals(3, free);
  }

  @Test
  void theOtherProfilesOfAUserFindAPlace() {
    begin(64);
    User hog = new User(2);
    for (int i = 0; i < 64; i++) {
      places.take(hog.claim(0));
      free--;
    }
    Allowance allowance = places.allowance((free + 1) / 2, free);
    assertEquals(Set.of(), allowance.fullUsers());
    assertEquals(0, allowance.profiles().get(hog.profiles.getFirst()));
    assertEquals(4, allowance.most());
  }

  @Test
  void aPlaceThatIsLeftMayBeTakenAgain() {
    begin(2);
    User user = new User(1);
    claimAll(user);
    assertTrue(places.isAnyShareHeld(free));
    places.leave(user.claim(0));
    assertFalse(places.isAnyShareHeld(2));
    places.leave(user.claim(0));
    assertEquals(Allowance.of(2), places.allowance(2, 3));
  }
}
