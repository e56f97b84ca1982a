package dev.parley;

import static dev.parley.ClusterNode.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.journal.EmbeddedPostgres;
import dev.parley.journal.TestPostgres;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionId;
import dev.parley.session.SessionReply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A node leaves while its sessions are written to from another. */
class LeavingNodeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int SESSIONS = 40;

  @Test
  void nobody_waits_in_vain_and_what_was_acknowledged_is_there_once() throws Exception {
    try (EmbeddedPostgres postgres = TestPostgres.start();
        ClusterNode first = ClusterNode.first(postgres.address())) {
      ClusterNode leaving = first.another(postgres.address());
      List<SessionId> sessions = new ArrayList<>();
      AtomicBoolean left = new AtomicBoolean();
      ExecutorService writers = Executors.newFixedThreadPool(SESSIONS);
      try {
        assertThat(Eventually.within(PATIENCE, () -> first.sees(2) && leaving.sees(2))).isTrue();
        for (int i = 0; i < SESSIONS; i++) {
          sessions.add(leaving.newSession());
        }
        List<Future<Long>> acknowledged = new ArrayList<>();
        for (SessionId session : sessions) {
          acknowledged.add(writers.submit(() -> write(first, session, left)));
        }
        leaving.close();
        left.set(true);
        for (int i = 0; i < SESSIONS; i++) {
          long there = acknowledged.get(i).get();
          assertThat(await(first.sessions().inspect(sessions.get(i), Channel.OUT)).tail().seq())
              .isEqualTo(there);
        }
      } finally {
        left.set(true);
        writers.shutdownNow();
        leaving.close();
      }
    }
  }

  /** Writes one record after the other; how many were acknowledged. */
  private static long write(ClusterNode node, SessionId session, AtomicBoolean left)
      throws Exception {
    long acknowledged = 0;
    while (!left.get()) {
      SessionReply reply = await(node.sessions().ask(session, append()));
      // A session that is about to move refuses, having done nothing; no answer is another matter.
      assertThat(reply).isInstanceOfAny(SessionReply.Appended.class, SessionReply.Overloaded.class);
      acknowledged += reply instanceof SessionReply.Appended ? 1 : 0;
    }
    return acknowledged;
  }

  private static SessionCommand.Append append() {
    byte[] text = "x".getBytes(StandardCharsets.UTF_8);
    return new SessionCommand.Append(
        Channel.OUT,
        List.of(new SessionCommand.Draft(null, RecordContent.of(Bytes.wrap(text)))),
        null,
        null,
        null,
        false);
  }
}
