package dev.parley.bench;

import dev.parley.journal.EmbeddedPostgres;
import dev.parley.session.Activity;
import dev.parley.session.Session;
import dev.parley.session.SessionCommand;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionId;
import dev.parley.session.SessionInfo;
import dev.parley.session.TimeoutPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What waiters, renewals, due times and messages cost. */
final class LifeBench {
  private static final int ROUNDS = 5;

  /** A renewal is a row of so many bytes. */
  private static final int RENEWAL = 60;

  private final Path directory;
  private final Table table;

  LifeBench(Path directory, Table table) {
    this.directory = directory;
    this.table = table;
  }

  void wake() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("wake-db"));
        ParleyServer server =
            ParleyServer.start(directory.resolve("wake"), postgres.address(), Map.of())) {
      warmUp(server);
      double raw = RawPostgres.journalRowsPerSecond(postgres.address(), 1, RENEWAL);
      String limit = format("%.2f ms for one commit", 1000 / raw);
      String key = server.createSession("wake");
      wakeRow("long poll", WakeLoad.run(server, key, false, 300, 500), limit);
      wakeRow("SSE", WakeLoad.run(server, key, true, 300, 500), limit);
    }
    sleepers();
  }

  private void wakeRow(String how, WakeLoad.Result result, String limit) {
    table.row(
        "waiter has the record, by " + how,
        format(
            "p50 %.2f ms, p99 %.2f ms after the append was sent; p50 %.2f ms, p99 %.2f ms after its"
                + " acknowledgement",
            result.fromSend().percentile(0.5),
            result.fromSend().percentile(0.99),
            result.fromAck().percentile(0.5),
            result.fromAck().percentile(0.99)),
        "",
        limit);
  }

  /** Each session is asked once, after the sharding has put all of them to sleep. */
  private void sleepers() throws Exception {
    Map<String, String> sleepAtOnce =
        Map.of(
            "pekko.cluster.sharding.passivation.default-idle-strategy.idle-entity.timeout", "1s");
    try (ParleyServer server =
        ParleyServer.start(directory.resolve("sleepers"), null, sleepAtOnce)) {
      warmUp(server);
      List<String> keys = new ArrayList<>();
      for (int i = 0; i < 900; i++) {
        keys.add(server.createSession("sleeper-" + i));
      }
      AppendLoad.run(server, keys.subList(0, 300), 256, 0, 2);
      AppendLoad.run(server, keys.subList(300, 600), 256, 0, 2);
      AppendLoad.run(server, keys.subList(600, 900), 256, 0, 2);
      awaitSleep(server);
      askAll(server, keys.subList(0, 300), "GET", "/api/v1/sessions/%s");
      Latencies asked = askAll(server, keys.subList(300, 600), "GET", "/api/v1/sessions/%s");
      Latencies appended =
          askAll(server, keys.subList(600, 900), "POST", "/realtime/v1/sessions/%s/in/append");
      table.row(
          "a passivated session answers",
          format(
              "p50 %.2f ms, p99 %.2f ms; an append to one p50 %.2f ms, p99 %.2f ms",
              asked.percentile(0.5),
              asked.percentile(0.99),
              appended.percentile(0.5),
              appended.percentile(0.99)),
          "p50 10 ms",
          "");
    }
  }

  private static void awaitSleep(ParleyServer server) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    // The first session of a node is its own probe.
    while (Heap.instances(server.pid(), "dev.parley.entity.SessionEntity") > 0) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("sessions do not fall asleep");
      }
      TimeUnit.MILLISECONDS.sleep(500);
    }
  }

  private static Latencies askAll(
      ParleyServer server, List<String> keys, String method, String path) throws IOException {
    Latencies latencies = new Latencies();
    try (HttpConnection connection = new HttpConnection(server.port())) {
      for (String key : keys) {
        byte[] body = new byte[method.equals("GET") ? 0 : 256];
        byte[] request = HttpConnection.request(method, path.formatted(key), "", body);
        long begin = System.nanoTime();
        connection.exchange(request);
        latencies.add(System.nanoTime() - begin);
      }
    }
    return latencies.sorted();
  }

  void renew() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("renew-db"));
        ParleyServer server =
            ParleyServer.start(directory.resolve("renew"), postgres.address(), Map.of())) {
      List<String> ids = MessageLoad.create(server, 64);
      RequestLoad.Requests beats = (client, n) -> MessageLoad.heartbeat(ids.get(client));
      RequestLoad.Requests sends = (client, n) -> MessageLoad.message(ids.get(client), "websocket");
      RequestLoad.run(server, 64, 0, 20, beats);
      Rounds heartbeats = new Rounds();
      Rounds messages = new Rounds();
      for (int round = 0; round < ROUNDS; round++) {
        double raw = RawPostgres.journalRowsPerSecond(postgres.address(), 8, RENEWAL);
        heartbeats.add(RequestLoad.run(server, 64, 1, 4, beats), raw);
        messages.add(RequestLoad.run(server, 64, 1, 4, sends), raw);
        awaitAnswers(postgres);
      }
      String limit = " insert + commit/s of 8 connections";
      heartbeats.report(table, "heartbeats of 64 sessions", "renewals", "", limit);
      messages.report(table, "messages of 64 sessions, each answered", "renewals", "", limit);
    }
    table.row(
        "renewals decided and applied by the core alone",
        format("%.0f/s on one thread", renewalsOfTheCore(Duration.ofSeconds(4))),
        "",
        "");
  }

  private static double renewalsOfTheCore(Duration duration) {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    Session session = Session.empty(SessionId.random("env_default"));
    session =
        perform(
            session,
            new SessionCommand.Create(
                "core",
                SessionInfo.MESSAGING,
                "bench",
                "{}",
                null,
                null,
                null,
                new TimeoutPolicy(30, true, TimeoutPolicy.LONGEST_MINUTES, 5),
                null,
                "run"),
            now);
    SessionCommand heartbeat = new SessionCommand.Touch(Activity.HEARTBEAT);
    long begin = System.nanoTime();
    long count = 0;
    long measuredFrom = 0;
    while (System.nanoTime() - begin < duration.toNanos()) {
      for (int i = 0; i < 10_000; i++) {
        session = perform(session, heartbeat, now.plusMillis(++count / 100));
      }
      if (measuredFrom == 0 && System.nanoTime() - begin > duration.toNanos() / 4) {
        measuredFrom = count;
      }
    }
    return (count - measuredFrom) / (duration.toNanos() / 1e9 * 3 / 4);
  }

  private static Session perform(Session session, SessionCommand command, Instant now) {
    Session next = session;
    for (SessionEvent event : session.decide(command, now).events()) {
      next = next.apply(event);
    }
    return next;
  }

  void due() throws Exception {
    int stored = 1_000_000;
    int pending = 100_000;
    int falling = 10_000;
    Duration spread = Duration.ofSeconds(30);
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("due-db"))) {
      ParleyServer.start(directory.resolve("due"), postgres.address(), Map.of()).close();
      long begin = System.nanoTime();
      DueLoad.fill(postgres.address(), stored - falling, pending - falling);
      System.out.printf("filled in %.0f s%n", (System.nanoTime() - begin) / 1e9);
      Instant first = Instant.now().plusSeconds(40);
      Map<String, Instant> deadlines = DueLoad.add(postgres.address(), falling, first, spread);
      try (ParleyServer server =
          ParleyServer.start(directory.resolve("due"), postgres.address(), Map.of())) {
        long heap = Heap.liveBytes(server.pid());
        sleepUntil(first);
        double cpu = server.cpuSeconds();
        sleepUntil(first.plus(spread));
        cpu = server.cpuSeconds() - cpu;
        sleepUntil(first.plus(spread).plusSeconds(5));
        Latencies lateness = DueLoad.lateness(postgres.address(), deadlines);
        table.row(
            "start with 1 000 000 stored sessions, 100 000 of them with a due time",
            format("%.1f s, heap %d MiB", server.startMillis() / 1000.0, heap >> 20),
            "6 s",
            "");
        table.row(
            "lateness of 10 000 of these due times within 30 s",
            format(
                "p50 %.0f ms, p99 %.0f ms, max %.0f ms; the server uses %.2f CPU",
                lateness.percentile(0.5),
                lateness.percentile(0.99),
                lateness.percentile(1),
                cpu / spread.toSeconds()),
            "p99 1 s",
            "");
      }
    }
  }

  private static void sleepUntil(Instant time) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(Duration.between(Instant.now(), time).toMillis());
  }

  void messages() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(directory.resolve("messages-db"));
        ParleyServer server =
            ParleyServer.start(directory.resolve("messages"), postgres.address(), Map.of())) {
      warmUp(server);
      for (int sessions : new int[] {16, 64}) {
        List<String> ids = MessageLoad.create(server, sessions);
        RequestLoad.Requests sends =
            (client, n) -> MessageLoad.message(ids.get(client), "websocket");
        RequestLoad.run(server, sessions, 0, 6, sends);
        awaitAnswers(postgres);
        long before = MessageLoad.turnsEnded(postgres.address());
        long begin = System.nanoTime();
        RequestLoad.Result sent = RequestLoad.run(server, sessions, 0, 5, sends);
        awaitAnswers(postgres);
        double seconds = (System.nanoTime() - begin) / 1e9;
        long answered = MessageLoad.turnsEnded(postgres.address()) - before;
        Latencies answers = MessageLoad.answers(server, ids, 50, 3_200 / sessions);
        table.row(
            sessions + " conversations with the echo agent",
            format(
                "%.0f messages/s taken, %.0f/s answered; one at a time: answer p50 %.1f ms, p99"
                    + " %.1f ms",
                sent.perSecond(),
                answered / seconds,
                answers.percentile(0.5),
                answers.percentile(0.99)),
            "",
            "");
      }
      beside(server, postgres);
    }
  }

  /** Appends of other sessions, with and without messages at the same time. */
  private void beside(ParleyServer server, EmbeddedPostgres postgres) throws Exception {
    List<String> talking = MessageLoad.create(server, 20);
    List<String> sessions = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      sessions.add(server.createSession("beside-" + i));
    }
    int[] rates = {0, 20, 200};
    double[][] perSecond = new double[rates.length][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < rates.length; i++) {
        try (MessageLoad.Steady messages = new MessageLoad.Steady(server, talking, rates[i])) {
          perSecond[i][round] = AppendLoad.run(server, sessions, 256, 1, 4).perSecond();
        }
        awaitAnswers(postgres);
      }
    }
    for (int i = 0; i < rates.length; i++) {
      double[] ratios = new double[ROUNDS];
      for (int round = 0; round < ROUNDS; round++) {
        ratios[round] = perSecond[i][round] / perSecond[0][round];
      }
      table.row(
          "64 sessions, 1 append in flight each, beside %d messages/s".formatted(rates[i]),
          format("%.0f records/s, %.2f of those alone", median(perSecond[i]), median(ratios)),
          i == 1 ? "0.9" : "",
          "");
    }
  }

  /** Until no agent has been at work for a moment. */
  private static void awaitAnswers(EmbeddedPostgres postgres) throws Exception {
    long ended = -1;
    for (long now = 0; now != ended; now = MessageLoad.turnsEnded(postgres.address())) {
      ended = now;
      TimeUnit.MILLISECONDS.sleep(200);
    }
  }

  private static void warmUp(ParleyServer server) throws Exception {
    List<String> sessions = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      sessions.add(server.createSession("warm-" + i));
    }
    AppendLoad.run(server, sessions, 256, 0, 15);
  }

  private static double median(double[] figures) {
    return Arrays.stream(figures).sorted().toArray()[figures.length / 2];
  }

  private static String format(String pattern, Object... arguments) {
    return String.format(Locale.ROOT, pattern, arguments);
  }
}
