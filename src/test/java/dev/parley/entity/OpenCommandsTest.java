package dev.parley.entity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OpenCommandsTest {
  private long now;
  private final OpenCommands open = new OpenCommands(() -> now);
  private final List<String> sent = new ArrayList<>();

  private CompletableFuture<?> add(String name) {
    CompletableFuture<?> answer = new CompletableFuture<>();
    open.add(answer, () -> sent.add(name));
    return answer;
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  @Test
  void what_is_late_is_sent_again_until_it_is_answered() {
    CompletableFuture<?> first = add("first");
    pass(Duration.ofMillis(300));
    add("second");
    open.sendLateAgain();
    assertThat(sent).isEmpty();
    pass(Duration.ofMillis(200));
    open.sendLateAgain();
    assertThat(sent).containsExactly("first");
    open.remove(first);
    pass(Duration.ofSeconds(1));
    open.sendLateAgain();
    open.sendLateAgain();
    assertThat(sent).containsExactly("first", "second", "second");
  }

  @Test
  void what_was_never_added_can_be_removed() {
    open.remove(new CompletableFuture<>());
    open.sendLateAgain();
    assertThat(sent).isEmpty();
  }
}
