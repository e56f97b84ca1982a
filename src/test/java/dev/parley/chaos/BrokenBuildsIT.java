package dev.parley.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.Eventually;
import dev.parley.chaos.FaultRun.Plan;
import dev.parley.chaos.FaultRun.Result;
import dev.parley.chaos.Worker.Load;
import dev.parley.chaos.history.DueLimits;
import dev.parley.chaos.history.HistoryChecker;
import dev.parley.chaos.history.Outcome;
import dev.parley.chaos.history.Violation;
import dev.parley.chaos.history.Violation.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that breaks its promises is found out: the runs are worth something. */
@Tag("long")
class BrokenBuildsIT {
  private static final long SEED = 1;

  /** More than a busy machine needs until the fault. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @Test
  void a_server_without_a_memory_of_part_ids_is_found_out() throws Exception {
    Plan plan =
        new Plan(
            SEED,
            Duration.ofSeconds(6),
            1,
            Clients.writers(4),
            List.of(),
            Sabotage.FORGET_PART_IDS);
    assertFound(FaultRun.run(plan), Kind.REPEAT_ANSWERED_OTHERWISE, Kind.DUPLICATE);
  }

  @Test
  void a_server_that_acknowledges_before_the_commit_is_found_out() throws Exception {
    PlannedFault crash =
        new PlannedFault(
            Duration.ofSeconds(2), FaultKind.POSTGRES_CRASH, -1, Duration.ofMillis(100));
    // One alone may find all commits on the disk.
    List<PlannedFault> crashes = Collections.nCopies(5, crash);
    Plan plan =
        new Plan(SEED, LIMIT, 1, Clients.writers(16), crashes, Sabotage.ANSWER_BEFORE_COMMIT);
    assertFound(FaultRun.run(plan), Kind.LOST);
  }

  @Test
  void a_node_that_goes_on_with_what_it_remembers_after_a_pause_is_found_out(@TempDir Path logs)
      throws Exception {
    int paused = 1;
    PlannedFault pause =
        new PlannedFault(Duration.ZERO, FaultKind.PAUSE, paused, Duration.ofSeconds(25));
    List<String> sessions = IntStream.range(0, 12).mapToObj(i -> "quiet" + i).toList();
    try (Cluster cluster = Cluster.start(3, logs, Sabotage.TRUST_MEMORY_AFTER_PAUSE);
        NodeClient http = new NodeClient(cluster.urls(), Cluster.KEY, LiveReader.SILENCE);
        Recorder recorder = new Recorder(logs.resolve("history.ndjson"), SEED)) {
      Load load = new Load(http, recorder, SEED, new AtomicBoolean());
      SessionCalls calls = new SessionCalls(load);
      for (String session : sessions) {
        FinalReads.until(load, node -> calls.create(node, session, null));
      }
      append(load, sessions, "before", node -> true);

      CompletableFuture<Void> fault = CompletableFuture.runAsync(() -> cluster.suffer(pause));
      // Asked to write before it is given up, it would do so when it wakes up, and find out.
      assertThat(Eventually.within(LIMIT, () -> !allAnswer(http, sessions))).isTrue();
      assertThat(Eventually.within(LIMIT, () -> allAnswer(http, sessions))).isTrue();
      append(load, sessions, "meanwhile", node -> node != paused);

      // Questions are waiting when it wakes up: soon after that it learns that it was given up, and
      // ends.
      assertThat(Eventually.within(LIMIT, () -> readsStale(load, recorder, sessions, paused)))
          .as("whether the history holds a stale read; logs of the nodes are in %s", logs)
          .isTrue();
      fault.get(1, TimeUnit.MINUTES);
    }
  }

  private static boolean allAnswer(NodeClient http, List<String> sessions) {
    return sessions.stream().allMatch(session -> http.get(0, "/api/v1/sessions/" + session).isOk());
  }

  private static void append(Load load, List<String> sessions, String what, IntPredicate allowed) {
    StreamCalls calls = new StreamCalls(load);
    for (String session : sessions) {
      FinalReads.until(
          load,
          node ->
              allowed.test(node)
                  && calls.append(node, session + "/in", session + what) == Outcome.OK);
    }
  }

  private static boolean readsStale(Load load, Recorder recorder, List<String> sessions, int node) {
    StreamCalls calls = new StreamCalls(load);
    for (String session : sessions) {
      calls.read(node, session + "/in", 0, false);
      if (HistoryChecker.check(recorder.history(), DueLimits.DEFAULT).stream()
          .anyMatch(violation -> violation.kind() == Kind.STALE_READ)) {
        return true;
      }
    }
    return false;
  }

  private static void assertFound(Result result, Kind... expected) {
    assertThat(result.violations())
        .as("of the history in %s", result.directory())
        .extracting(Violation::kind)
        .contains(expected);
  }
}
