package dev.parley.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.Given;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.session.SessionReply;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class IndexProjectionTest {
  private static final String ENVIRONMENT = "env/with a slash";
  private static final Duration LISTED_WITHIN = Duration.ofSeconds(1);
  private static final Duration STARTED_WITHIN = Duration.ofSeconds(15);

  private static final Instant IN_AN_HOUR =
      Instant.now().plusSeconds(3_600).truncatedTo(ChronoUnit.MILLIS);

  private static IndexDatabase database;
  private static ExecutorService executor;
  private static SessionIndex index;
  private static ProjectionNode node;

  @BeforeAll
  static void start() throws Exception {
    database = IndexDatabase.start();
    executor = Executors.newFixedThreadPool(2);
    index = new SessionIndex(database.pool(), executor);
    startNode();
  }

  @AfterAll
  static void stop() throws Exception {
    node.close();
    executor.shutdown();
    database.close();
  }

  /** A node whose four slices are all running: each has listed a session. */
  private static void startNode() throws Exception {
    node = ProjectionNode.start(database);
    for (int i = 0; i < 16; i++) {
      SessionId id = create("warm-up " + Instant.now(), null);
      await(id, info -> true, STARTED_WITHIN);
    }
  }

  @Test
  void lists_each_change_of_a_session_within_a_second_of_its_acknowledgement() throws Exception {
    List<Long> millis = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      SessionId id = create("user " + i, IN_AN_HOUR);
      millis.add(await(id, info -> info.externalId() != null, LISTED_WITHIN));

      node.ask(id, new SessionCommand.Update(List.of("x", "ü"), new Given<>("{\"a\":1}"), null));
      millis.add(
          await(
              id,
              info -> info.tags().equals(List.of("x", "ü")) && "{\"a\":1}".equals(info.metadata()),
              LISTED_WITHIN));

      node.ask(id, new SessionCommand.EndAndContinue("run_1", "run_2"));
      millis.add(await(id, info -> info.currentRunId().equals("run_2"), LISTED_WITHIN));

      SessionReply closed = node.ask(id, new SessionCommand.Close("done", null, "r"));
      SessionInfo last = ((SessionReply.Row) closed).info();
      millis.add(await(id, last::equals, LISTED_WITHIN));
    }
    millis.sort(null);
    System.out.println("LATENCY " + millis);
  }

  /** Waits until the session is listed like that; milliseconds since the call. */
  private static long await(SessionId id, Predicate<SessionInfo> like, Duration patience)
      throws Exception {
    long start = System.nanoTime();
    SessionInfo seen = null;
    while (System.nanoTime() - start < patience.toNanos()) {
      seen = listed(id);
      if (seen != null && like.test(seen)) {
        return (System.nanoTime() - start) / 1_000_000;
      }
      Thread.sleep(5);
    }
    throw new AssertionError(id + " was not listed within " + patience + ", last seen: " + seen);
  }

  private static @Nullable SessionInfo listed(SessionId id) throws Exception {
    Query newest = Queries.all(ENVIRONMENT, Query.MAX_SIZE, Instant.now());
    return SessionCatalogContract.page(index, newest).items().stream()
        .filter(item -> item.id().equals(id))
        .map(Item::info)
        .findFirst()
        .orElse(null);
  }

  private static SessionId create(String externalId, @Nullable Instant expiresAt) throws Exception {
    SessionId id = SessionId.ofExternal(ENVIRONMENT, externalId);
    SessionReply reply =
        node.ask(
            id,
            new SessionCommand.Create(
                externalId, "chat.agent", "support", "{}", List.of(), null, expiresAt, "run_1"));
    assertThat(reply).isInstanceOf(SessionReply.Started.class);
    return id;
  }
}
