package dev.parley.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import io.opentelemetry.context.Scope;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class CarriedTest {
  private static final ContextKey<String> KEY = ContextKey.named("key");

  @Test
  void without_a_context_nothing_is_added() {
    CompletionStage<String> stage = new CompletableFuture<>();
    assertThat(Carried.here(stage)).isSameAs(stage);
  }

  @Test
  void what_follows_runs_in_the_context_on_any_thread() throws Exception {
    CompletableFuture<String> answer = new CompletableFuture<>();
    CompletionStage<String> seen;
    try (Scope entered = Context.root().with(KEY, "v").makeCurrent()) {
      seen = Carried.here(answer).thenApply(value -> value + Context.current().get(KEY));
    }
    Thread other = new Thread(() -> answer.complete("a"));
    other.start();
    assertThat(seen.toCompletableFuture().get()).isEqualTo("av");
    other.join();
    assertThat(Context.current()).isSameAs(Context.root());
  }

  @Test
  void a_failure_is_the_same_failure() {
    IllegalStateException failure = new IllegalStateException("x");
    CompletionStage<String> carried;
    try (Scope entered = Context.root().with(KEY, "v").makeCurrent()) {
      carried = Carried.here(CompletableFuture.failedFuture(failure));
    }
    assertThatThrownBy(() -> carried.toCompletableFuture().get())
        .isInstanceOf(ExecutionException.class)
        .hasCause(failure);
  }
}
