package dev.parley.entity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.session.Bytes;
import dev.parley.session.Channel;
import dev.parley.session.ChannelState;
import dev.parley.session.RecordContent;
import dev.parley.session.SequencedRecord;
import dev.parley.session.StreamAppend;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is remembered of the newest records, and how much of it. */
class HotTailTest {
  private static final int SIZE = 1_000;
  private static final int ANY = 1 << 20;

  private final HotTail tail = new HotTail(10 * SIZE);

  /** Records of {@link #SIZE} metered bytes each. */
  private void add(Channel channel, long firstSeq, int records) {
    RecordContent content = RecordContent.of(Bytes.utf8("x".repeat(SIZE - 8)));
    tail.add(
        new StreamAppend(
            channel,
            firstSeq,
            Collections.nCopies(records, new StreamAppend.Entry(7, content)),
            null));
  }

  private Optional<List<Long>> read(Channel channel, long fromSeq, int maxBytes) {
    return tail.read(channel, ChannelState.EMPTY, fromSeq, maxBytes)
        .map(batch -> batch.records().stream().map(SequencedRecord::seq).toList());
  }

  @Test
  void what_is_there_is_read_from_any_place() {
    add(Channel.OUT, 5, 1);
    add(Channel.OUT, 6, 3);
    assertThat(read(Channel.OUT, 5, ANY)).contains(List.of(5L, 6L, 7L, 8L));
    assertThat(read(Channel.OUT, 7, ANY)).contains(List.of(7L, 8L));
    assertThat(read(Channel.OUT, 9, ANY)).contains(List.of());
    assertThat(read(Channel.OUT, 4, ANY)).as("before what is remembered").isEmpty();
    assertThat(read(Channel.IN, 5, ANY)).as("of another stream").isEmpty();
  }

  @Test
  void a_batch_holds_so_many_bytes_and_at_least_one_record() {
    add(Channel.OUT, 0, 5);
    assertThat(read(Channel.OUT, 0, 3 * SIZE)).contains(List.of(0L, 1L, 2L));
    assertThat(read(Channel.OUT, 3, SIZE - 1)).contains(List.of(3L));
  }

  @Test
  void all_streams_share_the_bytes_and_the_oldest_append_goes_first() {
    add(Channel.IN, 0, 4);
    add(Channel.OUT, 0, 4);
    add(Channel.IN, 4, 2);
    assertThat(read(Channel.IN, 0, ANY)).isPresent();
    add(Channel.IN, 6, 1);
    assertThat(read(Channel.IN, 0, ANY)).isEmpty();
    assertThat(read(Channel.OUT, 0, ANY)).contains(List.of(0L, 1L, 2L, 3L));
    assertThat(read(Channel.IN, 4, ANY)).contains(List.of(4L, 5L, 6L));
    add(Channel.OUT, 4, 4);
    assertThat(read(Channel.OUT, 0, ANY)).isEmpty();
    assertThat(read(Channel.OUT, 4, ANY)).contains(List.of(4L, 5L, 6L, 7L));
  }

  @Test
  void one_append_that_is_larger_than_all_is_kept_alone() {
    add(Channel.IN, 0, 1);
    add(Channel.OUT, 0, 12);
    assertThat(read(Channel.IN, 0, ANY)).isEmpty();
    assertThat(read(Channel.OUT, 0, ANY)).hasValueSatisfying(all -> assertThat(all).hasSize(12));
    add(Channel.IN, 1, 1);
    assertThat(read(Channel.OUT, 0, ANY)).isEmpty();
    assertThat(read(Channel.IN, 1, ANY)).contains(List.of(1L));
  }

  @Test
  void nothing_is_left_after_it_was_cleared() {
    add(Channel.OUT, 0, 9);
    tail.clear();
    assertThat(read(Channel.OUT, 0, ANY)).isEmpty();
    add(Channel.OUT, 9, 9);
    assertThat(read(Channel.OUT, 9, ANY)).hasValueSatisfying(all -> assertThat(all).hasSize(9));
  }
}
