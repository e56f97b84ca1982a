package dev.parley.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * The ids a stream has answered and the sequence number each got. Of the part ids that clients
 * give, at least those of the last {@link #SPAN} and at least the last {@link #MIN_COUNT}; of
 * batches that are known by their content, those of the last {@link #BATCH_SPAN} and the last
 * {@link #MIN_BATCHES}, unless they are more than {@link #MAX_BATCHES}.
 *
 * <p>Immutable. The ids lie in blocks sorted by digest, oldest block first; a new id is a block of
 * its own, and blocks of like size are merged (the logarithmic method), so that adding costs O(log
 * n) amortized and a look-up O(log² n). Only whole blocks are forgotten: one goes when its newest
 * id is out of the span and enough newer ids stand behind it.
 */
public final class PartIdWindow {
  public static final Duration SPAN = Duration.ofMinutes(5);
  public static final int MIN_COUNT = 1_000;

  /** Above this many the stream refuses further part ids until old ones fall out of the span. */
  public static final int MAX_COUNT = 2_000_000;

  /** Longer than the published client tries to get one batch through. */
  public static final Duration BATCH_SPAN = Duration.ofSeconds(30);

  public static final int MIN_BATCHES = 64;

  /** Above this many the oldest batches are forgotten before their time. */
  public static final int MAX_BATCHES = 65_536;

  public static final PartIdWindow EMPTY =
      new PartIdWindow(new Limits(SPAN, MIN_COUNT, Integer.MAX_VALUE), List.of());

  public static final PartIdWindow NO_BATCHES =
      new PartIdWindow(new Limits(BATCH_SPAN, MIN_BATCHES, MAX_BATCHES), List.of());

  /** What is kept: the ids of the span and the least number of them, but no more than the most. */
  private record Limits(Duration span, int minCount, int maxCount) {}

  /**
   * Ids of one span of time.
   *
   * @param newestAt Unix milliseconds of the newest id
   * @param high first halves of the digests, ascending together with {@code low}
   * @param low second halves of the digests
   * @param seqs the answers
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Block(long newestAt, long[] high, long[] low, long[] seqs) {
    int size() {
      return seqs.length;
    }

    /** The digest that sorts first; there is one. */
    PartId first() {
      return id(0);
    }

    /** The largest sequence number; there is one. */
    public long lastSeq() {
      return Arrays.stream(seqs).max().orElseThrow();
    }

    /** What is wrong with ids that come from outside; empty when a stream could remember them. */
    Optional<String> problem(long endSeq) {
      if (size() == 0 || high.length != size() || low.length != size()) {
        return Optional.of("part ids must be some, each with its record");
      }
      for (int i = 0; i < size(); i++) {
        if (seqs[i] < 0 || seqs[i] >= endSeq) {
          return Optional.of("a part id names record %d, which is not there".formatted(seqs[i]));
        }
        if (i > 0 && id(i - 1).compareTo(id(i)) >= 0) {
          return Optional.of("part ids are not in the order of their digests");
        }
      }
      return Optional.empty();
    }

    /** The ids of the first records from a number on. */
    private Block from(long seq, int max) {
      long[] wanted = Arrays.stream(seqs).filter(each -> each >= seq).sorted().limit(max).toArray();
      if (wanted.length == size()) {
        return this;
      }
      long last = wanted.length == 0 ? -1 : wanted[wanted.length - 1];
      int[] kept =
          IntStream.range(0, size()).filter(i -> seqs[i] >= seq && seqs[i] <= last).toArray();
      return new Block(
          newestAt,
          Arrays.stream(kept).mapToLong(i -> high[i]).toArray(),
          Arrays.stream(kept).mapToLong(i -> low[i]).toArray(),
          Arrays.stream(kept).mapToLong(i -> seqs[i]).toArray());
    }

    OptionalLong find(PartId id) {
      int from = 0;
      int to = seqs.length - 1;
      while (from <= to) {
        int middle = (from + to) >>> 1;
        int order = new PartId(high[middle], low[middle]).compareTo(id);
        if (order == 0) {
          return OptionalLong.of(seqs[middle]);
        }
        if (order < 0) {
          from = middle + 1;
        } else {
          to = middle - 1;
        }
      }
      return OptionalLong.empty();
    }

    static Block merge(Block a, Block b) {
      int size = a.size() + b.size();
      long[] high = new long[size];
      long[] low = new long[size];
      long[] seqs = new long[size];
      int i = 0;
      int j = 0;
      for (int k = 0; k < size; k++) {
        boolean fromA = j == b.size() || (i < a.size() && a.id(i).compareTo(b.id(j)) <= 0);
        Block source = fromA ? a : b;
        int at = fromA ? i++ : j++;
        high[k] = source.high[at];
        low[k] = source.low[at];
        seqs[k] = source.seqs[at];
      }
      return new Block(Math.max(a.newestAt, b.newestAt), high, low, seqs);
    }

    private PartId id(int at) {
      return new PartId(high[at], low[at]);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Block that
          && newestAt == that.newestAt
          && Arrays.equals(high, that.high)
          && Arrays.equals(low, that.low)
          && Arrays.equals(seqs, that.seqs);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(seqs);
    }
  }

  private final Limits limits;
  private final List<Block> blocks;
  private final int size;

  private PartIdWindow(Limits limits, List<Block> blocks) {
    this.limits = limits;
    this.blocks = blocks;
    this.size = blocks.stream().mapToInt(Block::size).sum();
  }

  /** A window of the same kind with what a snapshot kept. */
  public PartIdWindow with(List<Block> kept) {
    return new PartIdWindow(limits, List.copyOf(kept));
  }

  /** A window of the same kind that remembers more, all of it newer than what it does now. */
  PartIdWindow with(Block newer) {
    List<Block> all = new ArrayList<>(blocks);
    addTo(all, newer);
    return with(all);
  }

  /** What is of one time is one block. */
  private static void addTo(List<Block> all, Block newer) {
    int last = all.size() - 1;
    if (last >= 0 && all.get(last).newestAt == newer.newestAt) {
      all.set(last, Block.merge(all.get(last), newer));
    } else {
      all.add(newer);
    }
  }

  /**
   * The ids of records from a number on, in the order of the records.
   *
   * @param max how many at most
   */
  List<Block> from(long seq, int max) {
    List<Block> found = new ArrayList<>();
    int left = max;
    for (Block block : blocks) {
      Block part = block.from(seq, left);
      if (part.size() > 0) {
        addTo(found, part);
        left -= part.size();
      }
    }
    return found;
  }

  public List<Block> blocks() {
    return blocks;
  }

  /** How many ids are remembered. */
  public int size() {
    return size;
  }

  /** The sequence number that answered the id, if it is still remembered. */
  public OptionalLong find(PartId id) {
    for (int i = blocks.size() - 1; i >= 0; i--) {
      OptionalLong seq = blocks.get(i).find(id);
      if (seq.isPresent()) {
        return seq;
      }
    }
    return OptionalLong.empty();
  }

  /**
   * Remembers an id that {@link #find} does not know.
   *
   * @param seq the number of its first record
   * @param at Unix milliseconds of the append
   */
  public PartIdWindow add(PartId id, long seq, long at) {
    List<Block> kept = new ArrayList<>(blocks);
    int count = size;
    long horizon = at - limits.span().toMillis();
    while (!kept.isEmpty()
        && ((kept.get(0).newestAt < horizon && count - kept.get(0).size() >= limits.minCount())
            || count >= limits.maxCount())) {
      count -= kept.remove(0).size();
    }
    Block newest = new Block(at, new long[] {id.high()}, new long[] {id.low()}, new long[] {seq});
    while (!kept.isEmpty() && kept.get(kept.size() - 1).size() < 2 * newest.size()) {
      newest = Block.merge(kept.remove(kept.size() - 1), newest);
    }
    kept.add(newest);
    return with(kept);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PartIdWindow that
        && limits.equals(that.limits)
        && blocks.equals(that.blocks);
  }

  @Override
  public int hashCode() {
    return blocks.hashCode();
  }
}
