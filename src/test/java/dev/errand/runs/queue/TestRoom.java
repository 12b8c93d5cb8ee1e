package dev.errand.runs.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Room for some runs, which are not executed. */
final class TestRoom implements RunCapacity {
  private static final Duration LEASE = Duration.ofMinutes(5);

  final List<Claim> begun = new ArrayList<>();
  int free;
  int reservations;
  Allowance allowed = Allowance.of(Integer.MAX_VALUE);

  TestRoom(int free) {
    this.free = free;
  }

  List<String> names() {
    return begun.stream().map(Claim::name).toList();
  }

  @Override
  public synchronized Reserved reserve(int wanted, List<Claim> ending) {
    reservations++;
    int reserved = Math.min(wanted, free);
    free -= reserved;
    int spare = free;
    return new Reserved(
        new Allowance(Math.min(reserved, allowed.most()), allowed.fullUsers(), allowed.profiles()),
        spare,
        LEASE,
        claims -> begin(reserved, claims));
  }

  private synchronized void begin(int reserved, List<Claim> claims) {
    begun.addAll(claims);
    free += reserved - claims.size();
  }
}
