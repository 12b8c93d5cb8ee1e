package dev.errand.observe;

import dev.errand.run.Claim;
import dev.errand.runner.ModelAsked;
import dev.errand.runner.ToolCalled;
import dev.errand.worker.Onlooker;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** Looks on while runs are worked. */
@ApplicationScoped
class RunOnlooker implements Onlooker {
  private final RunMeters meters;

  RunOnlooker(RunMeters meters) {
    this.meters = meters;
  }

  @Override
  public Attempt begin(Claim claim) {
    meters.claimed();
    return new Attempt() {
      @Override
      public void modelAsked(ModelAsked asked) {
        meters.modelAsked(asked);
      }

      @Override
      public void toolCalled(ToolCalled called) {
        meters.toolCalled(called);
      }

      @Override
      public void ended(End end, @Nullable String code) {}

      @Override
      public void close() {}
    };
  }
}
