package dev.parley.session;

import dev.parley.session.SessionCommand.Append;
import dev.parley.session.SessionCommand.Draft;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A session as one would write it down first: everything kept, nothing compact. Written from the
 * contracts and not from the core, to be compared with it.
 */
final class NaiveSession {
  record Stored(long timestamp, RecordContent content) {}

  static final class Stream {
    final List<Stored> records = new ArrayList<>();
    final Map<PartId, Long> parts = new HashMap<>();
    final Map<List<RecordContent>, Long> sdkBatches = new HashMap<>();

    long trimPoint() {
      long point = 0;
      for (int seq = 0; seq < records.size(); seq++) {
        RecordContent content = records.get(seq).content();
        if (isOp(content, "trim")) {
          long wanted = ByteBuffer.wrap(content.body().array()).getLong();
          long target = wanted < 0 ? seq + 1 : Math.min(wanted, seq + 1);
          point = Math.max(point, target);
        }
      }
      return point;
    }

    String fence() {
      String token = "";
      for (Stored stored : records) {
        if (isOp(stored.content(), "fence")) {
          token = new String(stored.content().body().array(), StandardCharsets.UTF_8);
        }
      }
      return token;
    }

    long newestSeq() {
      for (int seq = records.size() - 1; seq >= 0; seq--) {
        RecordContent content = records.get(seq).content();
        if (!isOp(content, "trim") && !isOp(content, "fence")) {
          return seq;
        }
      }
      return -1;
    }

    boolean settled() {
      for (int seq = records.size() - 1; seq >= 0; seq--) {
        RecordContent content = records.get(seq).content();
        if (!isOp(content, "trim") && !isOp(content, "fence")) {
          return content.headers().size() > 0
              && content.headers().get(0).name().utf8().equals("trigger-control")
              && content.headers().get(0).value().utf8().equals("turn-complete");
        }
      }
      return false;
    }
  }

  static final class Waiter {
    String id = "";
    @Nullable Channel channel;
    long afterSeq;
    @Nullable Instant timeoutAt;
    @Nullable String key;
    @Nullable Instant keyExpiresAt;
    String outcome = "pending";
    boolean calledBack;
    @Nullable Instant owedSince;
    int failedTries;
    @Nullable Instant nextTry;
  }

  final Map<Channel, Stream> streams = new HashMap<>();
  final List<Waiter> waiters = new ArrayList<>();
  final List<Channel> activity = new ArrayList<>();
  @Nullable Lifetime lifetime;
  @Nullable Instant reportedAt;
  boolean unreported;
  boolean expiryNoted;
  @Nullable String config;
  List<String> tags = List.of();
  @Nullable String metadata;
  @Nullable Instant expiresAt;
  @Nullable Instant closedAt;
  @Nullable String closedReason;
  @Nullable String run;
  boolean messaging;
  final NaiveTurns turns = new NaiveTurns();

  private Stream in() {
    return streams.getOrDefault(Channel.IN, new Stream());
  }

  Stream stream(Channel channel) {
    return streams.computeIfAbsent(channel, c -> new Stream());
  }

  boolean exists() {
    return config != null;
  }

  private @Nullable String over(Instant now) {
    if (closedAt != null) {
      return "closed";
    }
    boolean past = expiresAt != null && !now.isBefore(expiresAt);
    return expiryNoted || past ? "expired" : null;
  }

  /** What the time alone brings. The formulas of the lifetime have a naive model of their own. */
  private void time(Instant now) {
    if (!exists() || closedAt != null || expiryNoted) {
      return;
    }
    if (expiresAt != null && !now.isBefore(expiresAt)) {
      interrupt(now);
      write(Channel.LIFECYCLE, now, RecordContent.of(Bytes.EMPTY));
      expiryNoted = true;
      lifetime = lifetime == null ? null : lifetime.noteExpiry();
      return;
    }
    if (lifetime != null && lifetime.due(now).isPresent()) {
      write(Channel.LIFECYCLE, now, RecordContent.of(Bytes.EMPTY));
      lifetime = lifetime.noteWarning();
    }
    if (unreported && !now.isBefore(reportedAt.plusSeconds(10))) {
      report(now);
    }
  }

  private void report(Instant now) {
    write(Channel.LIFECYCLE, now, RecordContent.of(Bytes.EMPTY));
    reportedAt = now;
    unreported = false;
  }

  /** A callback is owed from the end of its waiter on. */
  private void owe(Instant now) {
    for (Waiter waiter : waiters) {
      if (waiter.calledBack && !waiter.outcome.equals("pending") && waiter.owedSince == null) {
        waiter.owedSince = now;
        waiter.nextTry = now;
      }
    }
  }

  private String tried(SessionCommand.CallbackTried tried, Instant now) {
    for (Waiter waiter : waiters) {
      if (waiter.id.equals(tried.id()) && waiter.nextTry != null) {
        waiter.failedTries += tried.settled() ? 0 : 1;
        waiter.nextTry =
            tried.settled()
                ? null
                : tried
                    .policy()
                    .nextTry(waiter.owedSince, waiter.id, waiter.failedTries, now)
                    .orElse(null);
        return "wait " + waiter.id + " " + waiter.outcome + " false";
      }
    }
    return "no waitpoint";
  }

  private @Nullable Instant nextDue(Instant now) {
    List<Instant> all = new ArrayList<>();
    for (Waiter waiter : waiters) {
      if (waiter.nextTry != null) {
        all.add(waiter.nextTry.isAfter(now) ? waiter.nextTry : now.plusSeconds(15));
      }
      if (waiter.outcome.equals("pending") && waiter.timeoutAt != null) {
        all.add(waiter.timeoutAt);
      }
    }
    if (exists() && closedAt == null && !expiryNoted) {
      if (lifetime != null) {
        lifetime.next().ifPresent(deadline -> all.add(deadline.at()));
        if (unreported) {
          all.add(reportedAt.plusSeconds(10));
        }
      } else if (expiresAt != null) {
        all.add(expiresAt);
      }
    }
    return all.stream().min(Instant::compareTo).orElse(null);
  }

  /** While an agent is at work somebody looks after it. */
  private @Nullable Instant nextLook(Instant now) {
    Instant look = now.plusSeconds(10);
    Instant due = nextDue(now);
    return turns.current >= 0 && (due == null || look.isBefore(due)) ? look : due;
  }

  /** The activity of a group of appends, which share one commit. */
  void endGroup(Instant now) {
    long messages = activity.stream().filter(Channel.IN::equals).count();
    if (lifetime != null && messages > 0) {
      touched(lifetime.on(Activity.MESSAGE, now), now);
      for (int i = 1; i < messages; i++) {
        if (lifetime.on(Activity.MESSAGE, now) instanceof Touch.Renewed renewed) {
          lifetime = renewed.lifetime();
        }
      }
      expiresAt = lifetime.expiresAt();
    } else if (lifetime != null
        && activity.contains(Channel.OUT)
        && !now.isBefore(lifetime.lastActivity().plusSeconds(1))) {
      touched(lifetime.on(Activity.AGENT, now), now);
    }
    activity.clear();
  }

  private void touched(Touch touch, Instant now) {
    if (touch instanceof Touch.Noted noted) {
      lifetime = noted.lifetime();
    } else if (touch instanceof Touch.Renewed renewed) {
      lifetime = renewed.lifetime();
      expiresAt = lifetime.expiresAt();
      if (reportedAt == null || !now.isBefore(reportedAt.plusSeconds(10))) {
        report(now);
      } else {
        unreported = true;
      }
    }
  }

  private String touch(Activity cause, Instant now) {
    if (lifetime == null) {
      return "no timeout";
    }
    if (closedAt != null) {
      return "closed";
    }
    Touch touch = lifetime.on(cause, now);
    if (touch instanceof Touch.AtMaximum) {
      return "at maximum";
    }
    if (touch instanceof Touch.Expired) {
      return "expired";
    }
    touched(touch, now);
    return "alive " + (touch instanceof Touch.Renewed) + " " + lifetime.renewalCount();
  }

  /** A word for the answer: what kind it is and its numbers. */
  String handle(SessionCommand command, Instant now) {
    String word = word(command, now);
    owe(now);
    return word;
  }

  private String word(SessionCommand command, Instant now) {
    time(now);
    for (Waiter waiter : waiters) {
      boolean late = waiter.timeoutAt != null && !waiter.timeoutAt.isAfter(now);
      if (late && waiter.outcome.equals("pending")) {
        waiter.outcome = "timed out";
      }
    }
    if (command instanceof SessionCommand.Wake) {
      owe(now);
      return "awake until " + nextLook(now);
    }
    if (command instanceof SessionCommand.CallbackTried tried) {
      owe(now);
      return tried(tried, now);
    }
    if (command instanceof SessionCommand.Wait wait) {
      return wait(wait, now);
    }
    if (command instanceof SessionCommand.CompleteWait complete) {
      return complete(complete, now);
    }
    if (command instanceof Append append) {
      return append(append, now);
    }
    if (command instanceof SessionCommand.Send send) {
      return send(send, now);
    }
    if (command instanceof SessionCommand.EndTurn end) {
      if (turns.isUnderWay(end.turn())) {
        endTurn(end.outcome(), end.answer() != null, end.error() != null, now);
      }
      return "turn over";
    }
    if (command instanceof SessionCommand.ResumeTurn) {
      if (turns.current >= 0 && turns.attempt >= 5) {
        endTurn(TurnOutcome.FAILED, false, true, now);
      } else if (turns.current >= 0) {
        turns.attempt++;
      }
      return "turn over";
    }
    if (command instanceof SessionCommand.AppendSeries series) {
      StringBuilder words = new StringBuilder("series");
      for (Append append : series.appends()) {
        String word = append(append, now);
        words.append(", ").append(word);
        if (!word.startsWith("appended") && !word.startsWith("repeated")) {
          break;
        }
      }
      return words.toString();
    }
    if (command instanceof SessionCommand.Create create) {
      return create(create, now);
    }
    if (!exists()) {
      return "no session";
    }
    if (command instanceof SessionCommand.Touch touch) {
      return touch(touch.activity(), now);
    }
    if (command instanceof SessionCommand.Update update) {
      if (update.externalId() != null && !"chat".equals(update.externalId().value())) {
        return "external id fixed";
      }
      tags = update.tags() == null ? tags : update.tags();
      metadata = update.metadata() == null ? metadata : update.metadata().value();
      return "row";
    }
    if (command instanceof SessionCommand.Close close) {
      return close(close, now);
    }
    SessionCommand.EndAndContinue swap = (SessionCommand.EndAndContinue) command;
    if (over(now) != null) {
      return Objects.requireNonNull(over(now));
    }
    boolean swapped = swap.callingRunId().equals(run);
    run = swapped ? swap.newRunId() : run;
    return "run " + run + " " + swapped;
  }

  private String wait(SessionCommand.Wait wait, Instant now) {
    if (!exists() && wait.rowRequired()) {
      return "no session";
    }
    for (Waiter waiter : waiters) {
      boolean good = waiter.keyExpiresAt == null || waiter.keyExpiresAt.isAfter(now);
      if (waiter.key != null && waiter.key.equals(wait.idempotencyKey()) && good) {
        return "wait " + waiter.id + " " + waiter.outcome + " true";
      }
    }
    if (exists() && over(now) != null) {
      return Objects.requireNonNull(over(now));
    }
    Waiter waiter = new Waiter();
    waiter.id = wait.id();
    waiter.channel = wait.channel();
    waiter.afterSeq = wait.afterSeq();
    waiter.timeoutAt = wait.timeoutAt();
    waiter.key = wait.idempotencyKey();
    waiter.keyExpiresAt = wait.idempotencyKeyExpiresAt();
    waiter.calledBack = wait.callback() != null;
    Stream waitedFor =
        wait.channel() == null ? new Stream() : streams.getOrDefault(wait.channel(), new Stream());
    long from = Math.max(wait.afterSeq() + 1, waitedFor.trimPoint());
    if (waitedFor.newestSeq() >= from) {
      waiter.outcome = "done by " + wait.channel() + " " + from;
    } else if (wait.timeoutAt() != null && !wait.timeoutAt().isAfter(now)) {
      waiter.outcome = "timed out";
    }
    List<String> ids = waiters.stream().map(other -> other.id).toList();
    if (ids.contains(wait.id())) {
      waiters.set(ids.indexOf(wait.id()), waiter);
    } else {
      waiters.add(waiter);
    }
    return "wait " + waiter.id + " " + waiter.outcome + " false";
  }

  private String complete(SessionCommand.CompleteWait complete, Instant now) {
    for (Waiter waiter : waiters) {
      if (waiter.id.equals(complete.id())) {
        boolean ended = !waiter.outcome.equals("pending");
        if (!ended && complete.data() == null) {
          waiter.outcome = "done";
        } else if (!ended) {
          write(Channel.WAITPOINTS, now, RecordContent.of(Bytes.EMPTY));
          int seq = stream(Channel.WAITPOINTS).records.size() - 1;
          waiter.outcome = "done by " + Channel.WAITPOINTS + " " + seq;
        }
        return "wait " + waiter.id + " " + waiter.outcome + " " + ended;
      }
    }
    return "no waitpoint";
  }

  private String create(SessionCommand.Create create, Instant now) {
    if (exists()) {
      if (over(now) != null) {
        return Objects.requireNonNull(over(now));
      }
      config = lifetime == null ? create.triggerConfig() : config;
      tags = create.tags() == null ? tags : create.tags();
      metadata = create.metadata() == null ? metadata : create.metadata();
      expiresAt = create.expiresAt() == null || lifetime != null ? expiresAt : create.expiresAt();
      return "started true";
    }
    config = create.triggerConfig();
    tags = create.tags() == null ? List.of() : create.tags();
    metadata = create.metadata();
    lifetime = create.timeout() == null ? null : Lifetime.create(create.timeout(), now);
    expiresAt = lifetime == null ? create.expiresAt() : lifetime.expiresAt();
    run = create.runId();
    messaging = create.type().equals("messaging") && lifetime != null;
    turns.agent = create.agentId();
    turns.answeredTo = create.agentId() == null ? 0 : in().records.size();
    write(Channel.LIFECYCLE, now, RecordContent.of(Bytes.EMPTY));
    return "started false";
  }

  private String close(SessionCommand.Close close, Instant now) {
    if (closedAt == null) {
      interrupt(now);
      if (!Objects.equals(close.callingRunId(), run)) {
        write(Channel.IN, now, RecordContent.of(Bytes.EMPTY));
      }
      write(Channel.LIFECYCLE, now, RecordContent.of(Bytes.EMPTY));
      closedAt = now;
      closedReason = close.reason();
    }
    return "row";
  }

  private String append(Append append, Instant now) {
    Stream stream = streams.getOrDefault(append.channel(), new Stream());
    if (!exists() && append.rowRequired()) {
      return "no session";
    }
    if (Set.of("lifecycle", "waitpoints").contains(append.channel().name())) {
      return "server only";
    }
    if (append.turn() != null && !turns.isUnderWay(append.turn())) {
      return "turn over";
    }
    if (append.partId() != null && stream.parts.containsKey(append.partId())) {
      long first = stream.parts.get(append.partId());
      return "repeated " + first + " " + (first + append.records().size());
    }
    List<RecordContent> batch = append.records().stream().map(Draft::content).toList();
    boolean sdkBatch =
        append.partId() == null
            && !batch.isEmpty()
            && batch.stream()
                .allMatch(
                    content ->
                        content.headers().isEmpty()
                            && content.body().utf8().matches("\\{.*\"id\":\"[\\w-]{7}\"}"));
    if (sdkBatch && stream.sdkBatches.containsKey(batch)) {
      long first = stream.sdkBatches.get(batch);
      return "repeated " + first + " " + (first + batch.size());
    }
    if (exists() && over(now) != null) {
      return Objects.requireNonNull(over(now));
    }
    boolean pair = append.channel().name().isEmpty();
    if (messaging
        && pair
        && !append.formed()
        && append.records().stream().anyMatch(NaiveSession::isData)) {
      return "messages wanted";
    }
    if (append.records().isEmpty() || !append.records().stream().allMatch(NaiveSession::valid)) {
      return "invalid";
    }
    if (append.fencingToken() != null && !append.fencingToken().equals(stream.fence())) {
      return "fence " + stream.fence();
    }
    if (append.matchSeq() != null && append.matchSeq() != stream.records.size()) {
      return "match " + stream.records.size();
    }
    long first = stream.records.size();
    for (Draft draft : append.records()) {
      long wanted =
          draft.timestamp() == null
              ? now.toEpochMilli()
              : Math.min(draft.timestamp(), now.toEpochMilli());
      if (draft.message() != null) {
        writeMessage(append.channel(), now, draft.content());
      } else {
        write(append.channel(), Instant.ofEpochMilli(wanted), draft.content());
      }
    }
    follow(append, first);
    if (append.partId() != null) {
      stream(append.channel()).parts.put(append.partId(), first);
    }
    activity.add(append.channel());
    if (sdkBatch) {
      stream(append.channel()).sdkBatches.put(batch, first);
    }
    return "appended " + first + " " + stream(append.channel()).records.size();
  }

  /** What the records mean to the agent. */
  private void follow(Append append, long first) {
    for (int i = 0; i < append.records().size(); i++) {
      Draft draft = append.records().get(i);
      if (turns.agent == null) {
        continue;
      }
      if (append.channel().equals(Channel.IN) && isData(draft)) {
        long at = stream(Channel.IN).records.get((int) first + i).timestamp();
        turns.lastMessageAt = Math.max(turns.lastMessageAt, at);
        turns.ask(first + i);
      } else if (append.channel().equals(Channel.OUT)
          && append.turn() == null
          && draft.content().isTurnComplete()) {
        turns.endByWriter(draft.content(), in());
      }
    }
  }

  private String send(SessionCommand.Send send, Instant now) {
    if (exists() && !messaging) {
      return "no timeout";
    }
    Draft draft = Draft.of(send.message());
    String word =
        append(
            new Append(Channel.IN, List.of(draft), send.partId(), null, null, true, true, null),
            now);
    if (!word.startsWith("appended") && !word.startsWith("repeated")) {
      return word;
    }
    Lifetime after = lifetime;
    for (Channel channel : activity) {
      boolean message = channel.equals(Channel.IN);
      if (message && after.on(Activity.MESSAGE, now) instanceof Touch.Renewed renewed) {
        after = renewed.lifetime();
      }
    }
    return "sent %s %d %s %s"
        .formatted(
            word.split(" ")[1],
            after.renewalCount(),
            after.policy().autoRenew(),
            word.startsWith("repeated"));
  }

  private void endTurn(TurnOutcome outcome, boolean answer, boolean error, Instant now) {
    if (outcome != TurnOutcome.SKIPPED) {
      if (answer) {
        writeMessage(Channel.OUT, now, RecordContent.of(Bytes.utf8("an answer")));
      }
      sayTurnComplete(error, now);
      activity.add(Channel.OUT);
    }
    turns.end(turns.current + 1, in());
  }

  private void sayTurnComplete(boolean error, Instant now) {
    if (error) {
      write(Channel.OUT, now, RecordContent.of(Bytes.utf8("an error")));
    }
    write(Channel.OUT, now, RecordContent.turnComplete(turns.current));
  }

  /** The session ends in the middle of an answer. */
  private void interrupt(Instant now) {
    if (turns.current >= 0) {
      sayTurnComplete(true, now);
      turns.interrupt(in());
    }
  }

  private void writeMessage(Channel channel, Instant now, RecordContent content) {
    write(channel, Instant.ofEpochMilli(turns.timeOfMessage(now.toEpochMilli())), content);
    List<Stored> records = stream(channel).records;
    turns.lastMessageAt =
        Math.max(turns.lastMessageAt, records.get(records.size() - 1).timestamp());
  }

  private static boolean isData(Draft draft) {
    List<Header> headers = draft.content().headers();
    boolean command = headers.size() == 1 && headers.get(0).name().isEmpty();
    boolean control = !headers.isEmpty() && headers.get(0).name().utf8().equals("trigger-control");
    return !command && !control;
  }

  private void write(Channel channel, Instant at, RecordContent content) {
    List<Stored> records = stream(channel).records;
    long last = records.isEmpty() ? 0 : records.get(records.size() - 1).timestamp();
    records.add(new Stored(Math.max(last, at.toEpochMilli()), content));
    int seq = records.size() - 1;
    boolean isCommand = isOp(content, "trim") || isOp(content, "fence");
    for (Waiter waiter : waiters) {
      boolean waits = waiter.outcome.equals("pending") && channel.equals(waiter.channel);
      if (waits && !isCommand && seq > waiter.afterSeq) {
        waiter.outcome = "done by " + channel + " " + seq;
      }
    }
  }

  private static boolean valid(Draft draft) {
    RecordContent content = draft.content();
    if (content.headers().stream().noneMatch(header -> header.name().isEmpty())) {
      return true;
    }
    return isOp(content, "trim") && content.body().length() == 8
        || isOp(content, "fence")
            && content.body().length() <= 36
            && Bytes.utf8(content.body().utf8()).equals(content.body());
  }

  private static boolean isOp(RecordContent content, String op) {
    return content.headers().size() == 1
        && content.headers().get(0).name().isEmpty()
        && content.headers().get(0).value().utf8().equals(op);
  }
}
