package dev.parley.ops.metrics;

import dev.parley.session.Direction;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionReply;
import dev.parley.session.StreamAppend;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Appends and the commits that several of them share. */
public final class AppendMeters {
  private static final Duration[] LATENCIES = {
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(20),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(4)
  };

  private final Timer acknowledged;
  private final Timer refused;
  private final Timer unknown;
  private final Timer commit;
  private final DistributionSummary groupRecords;
  private final DistributionSummary groupBytes;
  private final Stream in;
  private final Stream out;
  private final Counter fromUsers;
  private final Counter fromAgents;

  private record Stream(Counter records, Counter bytes) {
    private static Stream of(MeterRegistry registry, String direction) {
      return new Stream(
          registry.counter("parley.records.written", "direction", direction),
          Counter.builder("parley.written")
              .baseUnit("bytes")
              .tag("direction", direction)
              .register(registry));
    }
  }

  public AppendMeters(MeterRegistry registry) {
    acknowledged = appends(registry, "acknowledged");
    refused = appends(registry, "refused");
    unknown = appends(registry, "unknown");
    commit = Timer.builder("parley.commit").serviceLevelObjectives(LATENCIES).register(registry);
    groupRecords =
        DistributionSummary.builder("parley.commit.records")
            .serviceLevelObjectives(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)
            .register(registry);
    groupBytes =
        DistributionSummary.builder("parley.commit.size")
            .baseUnit("bytes")
            .serviceLevelObjectives(256, 1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20)
            .register(registry);
    in = Stream.of(registry, "in");
    out = Stream.of(registry, "out");
    fromUsers = registry.counter("parley.messages", "role", "user");
    fromAgents = registry.counter("parley.messages", "role", "agent");
  }

  private static Timer appends(MeterRegistry registry, String outcome) {
    return Timer.builder("parley.append")
        .tag("outcome", outcome)
        .serviceLevelObjectives(LATENCIES)
        .register(registry);
  }

  /** An append was answered so long after it was asked for. */
  public void answered(SessionReply reply, long nanos) {
    timer(reply).record(nanos, TimeUnit.NANOSECONDS);
  }

  private Timer timer(SessionReply reply) {
    if (reply instanceof SessionReply.Appended
        || reply instanceof SessionReply.Sent
        || reply instanceof SessionReply.SeriesAppended) {
      return acknowledged;
    }
    return reply instanceof SessionReply.OutcomeUnknown ? unknown : refused;
  }

  /** A commit has become durable so long after it was given to the journal. */
  public void durable(long nanos) {
    commit.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** These records stand in one commit. */
  public void committed(SessionEvent.RecordsAppended appended) {
    long records = 0;
    long bytes = 0;
    for (StreamAppend append : appended.appends()) {
      boolean toAgent = append.channel().direction() == Direction.IN;
      long size = append.meteredSize();
      Stream stream = toAgent ? in : out;
      stream.records().increment(append.records().size());
      stream.bytes().increment(size);
      records += append.records().size();
      bytes += size;
      long messages = messages(append);
      if (messages > 0) {
        (toAgent ? fromUsers : fromAgents).increment(messages);
      }
    }
    groupRecords.record(records);
    groupBytes.record(bytes);
  }

  private static long messages(StreamAppend append) {
    long messages = 0;
    for (StreamAppend.Entry entry : append.records()) {
      messages += entry.message() ? 1 : 0;
    }
    return messages;
  }
}
