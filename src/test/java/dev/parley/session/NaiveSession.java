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

  final Map<Channel, Stream> streams = new HashMap<>();
  @Nullable String config;
  List<String> tags = List.of();
  @Nullable String metadata;
  @Nullable Instant expiresAt;
  @Nullable Instant closedAt;
  @Nullable String closedReason;
  @Nullable String run;

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
    return expiresAt != null && !now.isBefore(expiresAt) ? "expired" : null;
  }

  /** A word for the answer: what kind it is and its numbers. */
  String handle(SessionCommand command, Instant now) {
    if (command instanceof Append append) {
      return append(append, now);
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

  private String create(SessionCommand.Create create, Instant now) {
    if (exists()) {
      if (over(now) != null) {
        return Objects.requireNonNull(over(now));
      }
      config = create.triggerConfig();
      tags = create.tags() == null ? tags : create.tags();
      metadata = create.metadata() == null ? metadata : create.metadata();
      expiresAt = create.expiresAt() == null ? expiresAt : create.expiresAt();
      return "started true";
    }
    config = create.triggerConfig();
    tags = create.tags() == null ? List.of() : create.tags();
    metadata = create.metadata();
    expiresAt = create.expiresAt();
    run = create.runId();
    write(Channel.LIFECYCLE, now, RecordContent.of(Bytes.EMPTY));
    return "started false";
  }

  private String close(SessionCommand.Close close, Instant now) {
    if (closedAt == null) {
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
    if (append.channel().name().equals("lifecycle")) {
      return "server only";
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
      write(append.channel(), Instant.ofEpochMilli(wanted), draft.content());
    }
    if (append.partId() != null) {
      stream(append.channel()).parts.put(append.partId(), first);
    }
    if (sdkBatch) {
      stream(append.channel()).sdkBatches.put(batch, first);
    }
    return "appended " + first + " " + stream(append.channel()).records.size();
  }

  private void write(Channel channel, Instant at, RecordContent content) {
    List<Stored> records = stream(channel).records;
    long last = records.isEmpty() ? 0 : records.get(records.size() - 1).timestamp();
    records.add(new Stored(Math.max(last, at.toEpochMilli()), content));
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
