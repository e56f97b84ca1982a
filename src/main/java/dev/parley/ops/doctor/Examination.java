package dev.parley.ops.doctor;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Looks at one thing. */
public interface Examination {
  /** The name of the check that is given when the look itself fails. */
  String name();

  /** What was found. May fail or take too long, which is a finding, too. */
  CompletionStage<List<Check>> look();

  /** A look at what is known at once. */
  static Examination of(String name, Callable<List<Check>> look) {
    return on(Runnable::run, name, look);
  }

  /** A look that blocks. */
  static Examination on(Executor executor, String name, Callable<List<Check>> look) {
    return new Examination() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public CompletionStage<List<Check>> look() {
        CompletableFuture<List<Check>> found = new CompletableFuture<>();
        executor.execute(
            () -> {
              try {
                found.complete(look.call());
              } catch (Exception e) {
                found.completeExceptionally(e);
              }
            });
        return found;
      }
    };
  }
}
