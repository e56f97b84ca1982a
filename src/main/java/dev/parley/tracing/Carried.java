package dev.parley.tracing;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Futures that bring the context along in which they were asked for. */
public final class Carried {
  private Carried() {}

  /**
   * The same result; what is chained to it runs in the context of now, on whichever thread that is.
   * Where there is no context, as ever while tracing is off, it is the stage itself.
   */
  public static <T> CompletionStage<T> here(CompletionStage<T> stage) {
    Context context = Context.current();
    if (context == Context.root()) {
      return stage;
    }
    CompletableFuture<T> carried = new CompletableFuture<>();
    stage.whenComplete(
        (value, failure) -> {
          try (Scope entered = context.makeCurrent()) {
            if (failure == null) {
              carried.complete(value);
            } else {
              carried.completeExceptionally(failure);
            }
          }
        });
    return carried;
  }
}
