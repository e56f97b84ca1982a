package dev.parley.chaos;

import dev.parley.chaos.Worker.Load;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** All clients of a run. */
final class Workload {
  private static final int LIVE_EVERY = 4;
  private static final Duration END_LIMIT = Duration.ofSeconds(120);
  private static final Duration ABORT_LIMIT = Duration.ofSeconds(10);
  private static final Duration READERS_LIMIT = Duration.ofSeconds(60);

  private final Load load;
  private final List<String> streams = new ArrayList<>();
  private final List<String> waitStreams = new ArrayList<>();
  private final List<Worker> writers = new ArrayList<>();
  private final List<LiveReader> live = new ArrayList<>();
  private final List<TailReader> tails = new ArrayList<>();
  private final List<Waiters> waiters = new ArrayList<>();
  private final List<EndingSessions> ending = new ArrayList<>();
  private final StreamAccess.Known known;

  Workload(Load load, Clients clients) {
    this.load = load;
    this.known = new StreamAccess.Known(load.http());
    for (int i = 0; i < clients.sessions(); i++) {
      String session = "talk" + i;
      writers.add(new PartWriter(load, session, "in"));
      writers.add(
          i % 2 == 0
              ? new PartWriter(load, session, "out")
              : new StreamWriter(load, session + "/out", known));
      streams.addAll(List.of(session + "/in", session + "/out"));
    }
    for (int i = 0; i < streams.size(); i += LIVE_EVERY - 1) {
      live.add(new LiveReader(load, streams.get(i)));
    }
    IntStream.range(0, clients.tailReaders())
        .forEach(i -> tails.add(new TailReader(load, i, streams, known)));
    for (int i = 0; i < clients.others(); i++) {
      waiters.add(new Waiters(load, "waits" + i));
      waitStreams.add("waits" + i + "/in");
    }
    IntStream.range(0, clients.others()).forEach(i -> ending.add(new EndingSessions(load, i)));
  }

  /** Creates the sessions that live for the whole run, and begins. */
  void start() {
    SessionCalls calls = new SessionCalls(load);
    Stream.concat(streams.stream(), waitStreams.stream())
        .map(stream -> stream.substring(0, stream.lastIndexOf('/')))
        .distinct()
        .forEach(session -> FinalReads.until(load, node -> calls.create(node, session, null)));
    all().forEach(Thread::start);
  }

  /** Ends all that write; then reads everything from every node, while live readers catch up. */
  void finish() throws InterruptedException {
    List<Worker> before = new ArrayList<>(writers);
    before.addAll(tails);
    before.addAll(waiters);
    before.addAll(ending);
    before.forEach(Worker::finish);
    for (Worker worker : before) {
      worker.awaitEnd(END_LIMIT);
    }
    FinalReads last = new FinalReads(load);
    for (LiveReader reader : live) {
      reader.finishAt(last.stream(reader.stream()));
    }
    streams.forEach(last::stream);
    waitStreams.forEach(last::stream);
    for (EndingSessions sessions : ending) {
      sessions.sessions().forEach(last::endedSession);
    }
    waiters.forEach(waiter -> waiter.waitpoints().forEach(last::waitpoint));
    for (LiveReader reader : live) {
      reader.join(READERS_LIMIT.toMillis());
      reader.finish();
    }
    for (LiveReader reader : live) {
      reader.awaitEnd(READERS_LIMIT);
    }
  }

  /** Ends all as soon as possible; nothing is read any more. */
  void abort() throws InterruptedException {
    load.aborted().set(true);
    all().forEach(Worker::finish);
    for (Worker worker : all().toList()) {
      worker.join(ABORT_LIMIT.toMillis());
    }
  }

  /** The sessions that are written all the time. */
  List<String> sessions() {
    return streams.stream()
        .map(stream -> stream.substring(0, stream.lastIndexOf('/')))
        .distinct()
        .toList();
  }

  private Stream<Worker> all() {
    return Stream.of(writers, live, tails, waiters, ending).flatMap(List::stream);
  }
}
