package dev.parley.ops.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.Allocation;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.Position;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionEvent;
import dev.parley.session.SessionReply;
import dev.parley.session.StreamAppend;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AppendMetersTest {
  private static final SessionReply APPENDED =
      new SessionReply.Appended(new Position(0, 1), new Position(1, 1), new Position(1, 1), false);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final AppendMeters meters = new AppendMeters(registry);

  private static SessionEvent.RecordsAppended commit() {
    StreamAppend.Entry plain =
        new StreamAppend.Entry(1, RecordContent.of(Bytes.utf8("0123456789")));
    StreamAppend.Entry message =
        new StreamAppend.Entry(1, RecordContent.of(Bytes.utf8("01")), true);
    return new SessionEvent.RecordsAppended(
        List.of(
            new StreamAppend(Channel.IN, 0, List.of(plain, message), null),
            new StreamAppend(Channel.OUT, 0, List.of(plain), null)));
  }

  @Test
  void records_and_bytes_are_counted_by_direction_and_by_commit() {
    meters.committed(commit());
    assertThat(registry.scrape())
        .contains("parley_records_written_total{direction=\"in\"} 2.0")
        .contains("parley_written_bytes_total{direction=\"in\"} 28.0")
        .contains("parley_written_bytes_total{direction=\"out\"} 18.0")
        .contains("parley_messages_total{role=\"user\"} 1.0")
        .contains("parley_messages_total{role=\"agent\"} 0.0")
        .contains("parley_commit_records_bucket{le=\"2.0\"} 0")
        .contains("parley_commit_records_bucket{le=\"5.0\"} 1")
        .contains("parley_commit_size_bytes_sum 46.0");
  }

  @Test
  void answers_are_told_apart_by_what_became_of_the_append() {
    meters.answered(APPENDED, 3_000_000);
    meters.answered(new SessionReply.Closed("done"), 1);
    meters.answered(new SessionReply.OutcomeUnknown(Duration.ofSeconds(1)), 1);
    assertThat(registry.scrape())
        .contains("parley_append_seconds_bucket{outcome=\"acknowledged\",le=\"0.002\"} 0")
        .contains("parley_append_seconds_bucket{outcome=\"acknowledged\",le=\"0.005\"} 1")
        .contains("parley_append_seconds_count{outcome=\"refused\"} 1")
        .contains("parley_append_seconds_count{outcome=\"unknown\"} 1");
  }

  @Test
  void counting_leaves_no_garbage() {
    SessionEvent.RecordsAppended commit = commit();
    double bytes =
        Allocation.perRun(
            () -> {
              meters.answered(APPENDED, 3_000_000);
              meters.durable(1_000_000);
              meters.committed(commit);
            });
    // Iterators of the lists of records, as long as they are not compiled away; no sets of labels.
    assertThat(bytes).isLessThan(400);
  }
}
