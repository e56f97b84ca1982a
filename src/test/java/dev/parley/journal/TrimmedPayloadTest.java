package dev.parley.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.UnknownFieldSet;
import dev.parley.journal.proto.RecordsAppended;
import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.PartId;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionEvent;
import dev.parley.session.StreamAppend;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TrimmedPayloadTest {
  private static final Channel SIDE = Channel.side("side", Channel.OUT.direction()).orElseThrow();

  private record Run(Channel channel, int size, boolean part) {}

  @Provide
  Arbitrary<List<Run>> runs() {
    return Combinators.combine(
            Arbitraries.of(Channel.IN, Channel.OUT, SIDE),
            Arbitraries.integers().between(1, 5),
            Arbitraries.of(true, false))
        .as(Run::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(8);
  }

  /** An event whose streams begin at 10. */
  private static SessionEvent.RecordsAppended event(List<Run> runs) {
    Map<Channel, Long> next = new HashMap<>();
    List<StreamAppend> appends = new ArrayList<>();
    for (Run run : runs) {
      long first = next.getOrDefault(run.channel(), 10L);
      next.put(run.channel(), first + run.size());
      appends.add(
          new StreamAppend(
              run.channel(),
              first,
              IntStream.range(0, run.size()).mapToObj(i -> entry(first + i)).toList(),
              run.part() ? PartId.of("part " + first) : null));
    }
    return new SessionEvent.RecordsAppended(appends);
  }

  private static StreamAppend.Entry entry(long seq) {
    return new StreamAppend.Entry(1_000 + seq, RecordContent.of(Bytes.utf8("record " + seq)));
  }

  private static Map<Channel, Map<Long, StreamAppend.Entry>> records(SessionEvent event) {
    Map<Channel, Map<Long, StreamAppend.Entry>> records = new HashMap<>();
    for (StreamAppend append : ((SessionEvent.RecordsAppended) event).appends()) {
      for (int i = 0; i < append.records().size(); i++) {
        records
            .computeIfAbsent(append.channel(), c -> new HashMap<>())
            .put(append.firstSeq() + i, append.records().get(i));
      }
    }
    return records;
  }

  @Property(tries = 500)
  void holds_the_records_from_the_trim_points_on_and_no_other(
      @ForAll("runs") List<Run> runs,
      @ForAll @Size(3) List<@LongRange(min = 0, max = 60) Long> points) {
    Map<Channel, Long> trimPoints =
        Map.of(Channel.IN, points.get(0), Channel.OUT, points.get(1), SIDE, points.get(2));
    SessionEvent.RecordsAppended event = event(runs);
    byte[] stored = EventCodec.encode(event);
    Map<Channel, Map<Long, StreamAppend.Entry>> expected = records(event);
    expected.forEach(
        (channel, bySeq) -> bySeq.keySet().removeIf(seq -> seq < trimPoints.get(channel)));
    expected.values().removeIf(Map::isEmpty);

    byte[] left = TrimmedPayload.of(stored, trimPoints).orElse(stored);

    SessionEvent.RecordsAppended rest =
        (SessionEvent.RecordsAppended) EventCodec.decode(EventCodec.RECORDS_APPENDED, left);
    assertThat(records(rest)).isEqualTo(expected);
    assertThat(rest.trimmed()).isEqualTo(!rest.equals(event));
    assertThat(rest.trimmed()).isEqualTo(left != stored);
    // What the search for events with records relies on, and the comparison of sizes.
    assertThat(left.length > TrimmedPayload.EMPTIED_SIZE).isEqualTo(!expected.isEmpty());
    assertThat(left == stored || left.length < stored.length).isTrue();
    assertThat(TrimmedPayload.of(left, trimPoints)).isEmpty();
  }

  @Test
  void fields_of_a_later_version_stay() throws Exception {
    UnknownFieldSet later =
        UnknownFieldSet.newBuilder()
            .addField(100, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
            .build();
    RecordsAppended.Builder stored =
        RecordsAppended.parseFrom(EventCodec.encode(event(List.of(new Run(Channel.OUT, 4, true)))))
            .toBuilder();
    stored.getAppendsBuilder(0).setUnknownFields(later);
    stored.getAppendsBuilder(0).getRecordsBuilder(3).setUnknownFields(later);

    byte[] left =
        TrimmedPayload.of(stored.build().toByteArray(), Map.of(Channel.OUT, 12L)).orElseThrow();

    dev.parley.journal.proto.StreamAppend append = RecordsAppended.parseFrom(left).getAppends(0);
    assertThat(append.getFirstSeq()).isEqualTo(12);
    assertThat(append.getUnknownFields()).isEqualTo(later);
    assertThat(append.getRecords(1).getUnknownFields()).isEqualTo(later);
  }
}
