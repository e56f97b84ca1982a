package dev.parley.ops.doctor;

import dev.parley.journal.WebRows.HandOffs;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Whether realtime workers take what is handed to them, or it expires before (web-runtime.md
 * sections 6 and 9).
 */
public final class HandOffsExamination implements Examination {
  private final Supplier<CompletionStage<HandOffs>> handOffs;

  /**
   * @param handOffs those of the last day
   */
  public HandOffsExamination(Supplier<CompletionStage<HandOffs>> handOffs) {
    this.handOffs = handOffs;
  }

  @Override
  public String name() {
    return "hand-offs";
  }

  @Override
  public CompletionStage<List<Check>> look() {
    return handOffs.get().thenApply(found -> List.of(judge(found)));
  }

  /** Somebody changes his mind now and then; a worker that does not run misses all. */
  private Check judge(HandOffs found) {
    String value =
        "within a day %d taken, %d expired, %d waiting now"
            .formatted(found.taken(), found.lapsed(), found.waiting());
    return found.lapsed() > found.taken()
        ? Check.warn(
            name(),
            value,
            "More expire than are taken: look whether the realtime workers run, reach this server"
                + " and have PARLEY_REALTIME_KEY; each must be taken within 20 minutes, and once")
        : Check.ok(name(), value);
  }
}
