package dev.parley.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.Direction;
import dev.parley.session.Header;
import dev.parley.session.RecordContent;
import dev.parley.session.SessionEvent;
import dev.parley.session.StreamAppend;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class StreamSummaryTest {
  @Property
  void says_of_every_event_what_reading_it_whole_would_say(@ForAll Random random) {
    List<StreamAppend> appends = new ArrayList<>();
    List<StreamSummary> expected = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      StreamAppend append = append(random, i);
      appends.add(append);
      StreamAppend.Entry last = append.records().get(append.records().size() - 1);
      expected.add(
          new StreamSummary(
              append.channel(),
              append.endSeq(),
              append.records().size(),
              (int) append.records().stream().filter(StreamAppend.Entry::message).count(),
              append.meteredSize(),
              append.endBytes(),
              Instant.ofEpochMilli(last.timestamp())));
    }
    byte[] stored =
        StreamSummary.summarize(EventCodec.encode(new SessionEvent.RecordsAppended(appends)));
    assertThat(StreamSummary.read(stored)).isEqualTo(expected);
  }

  @Property
  void damaged_events_are_refused_as_what_they_are(@ForAll byte[] bytes) {
    try {
      StreamSummary.read(StreamSummary.summarize(bytes));
    } catch (IllegalArgumentException e) {
      assertThat(e).hasMessageStartingWith("damaged");
    }
  }

  @Example
  void a_cut_off_event_is_refused() {
    byte[] whole =
        EventCodec.encode(new SessionEvent.RecordsAppended(List.of(append(new Random(1), 0))));
    byte[] cut = java.util.Arrays.copyOf(whole, whole.length - 1);
    assertThatThrownBy(() -> StreamSummary.summarize(cut))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static StreamAppend append(Random random, int number) {
    Channel channel =
        switch (random.nextInt(3)) {
          case 0 -> Channel.IN;
          case 1 -> Channel.OUT;
          default ->
              new Channel("side-" + number, random.nextBoolean() ? Direction.IN : Direction.OUT);
        };
    List<StreamAppend.Entry> records = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextInt(5); i++) {
      List<Header> headers = new ArrayList<>();
      for (int h = 0; h < random.nextInt(3); h++) {
        headers.add(new Header(bytes(random, 10), bytes(random, 20)));
      }
      records.add(
          new StreamAppend.Entry(
              random.nextInt(1_000_000),
              new RecordContent(headers, bytes(random, 300)),
              random.nextBoolean()));
    }
    return new StreamAppend(channel, random.nextInt(1_000), records, null, random.nextInt(99_999));
  }

  private static Bytes bytes(Random random, int atMost) {
    byte[] bytes = new byte[random.nextInt(atMost)];
    random.nextBytes(bytes);
    return Bytes.wrap(bytes);
  }
}
