package dev.parley.http.s2;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.parley.http.Answer;
import dev.parley.http.s2.S2Messages.Draft;
import dev.parley.http.s2.S2Messages.Head;
import dev.parley.http.s2.S2Messages.Input;
import dev.parley.http.s2.S2Messages.Sequenced;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many random reads of one long stream, each foretold by going through a list (s2.md 5.1). */
class RandomReadsTest {
  private static final int BATCHES = 300;
  private static final int TRIMMED = 700;
  private static final int READS = 100;
  private static final int MAX_COUNT = 1_000;
  private static final int MAX_BYTES = 1_048_576;

  private static final List<Sequenced> ALL = new ArrayList<>();
  private static S2Stream stream;

  @BeforeAll
  static void write() {
    Random random = new Random(1);
    stream = S2Stream.fresh("random");
    long timestamp = 1_000;
    for (int i = 0; i < BATCHES; i++) {
      List<Draft> batch = new ArrayList<>();
      for (int j = random.nextInt(20); j >= 0; j--) {
        timestamp += random.nextInt(3) * random.nextInt(3);
        int size = random.nextInt(random.nextInt(10) == 0 ? 9_000 : 50);
        batch.add(new Draft(timestamp, List.of(), ByteString.copyFrom(new byte[size])));
      }
      append(batch);
    }
    ByteString point = ByteString.copyFrom(ByteBuffer.allocate(8).putLong(TRIMMED).flip());
    append(List.of(new Draft(timestamp + 5, List.of(Head.of("", "trim")), point)));
  }

  private static void append(List<Draft> batch) {
    Answer answer = stream.append(new Input(batch, null, null));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    for (Draft record : batch) {
      ALL.add(new Sequenced(ALL.size(), record.timestamp(), record.headers(), record.body()));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"JSON", "PROTOBUF", "EVENTS", "SESSION"})
  void a_read_gives_what_is_foretold(ReadFace face) {
    Random random = new Random(face.ordinal());
    for (int i = 0; i < READS; i++) {
      Query query = Query.random(random);
      List<Long> wanted = query.foretold(!face.isStreaming());
      if (wanted == null) {
        assertThat(face.refusal(stream, query.text()).status()).as(query.text()).isEqualTo(416);
      } else {
        assertThat(face.read(stream, query.text()))
            .as(query.text())
            .extracting(Sequenced::seq)
            .isEqualTo(wanted);
      }
    }
  }

  /** Always with a bound, so that nothing follows. */
  private record Query(String start, long at, boolean clamp, String bound, long limit) {
    private static Query random(Random random) {
      int tail = ALL.size();
      long last = ALL.get(tail - 1).timestamp();
      long bound = random.nextInt(4);
      String start = List.of("seq_num", "timestamp", "tail_offset").get(random.nextInt(3));
      long at =
          switch (start) {
            case "seq_num" -> random.nextInt(tail + 10);
            case "timestamp" -> 990 + random.nextLong(last - 980);
            default -> random.nextInt(tail + 50);
          };
      long limit =
          bound == 0
              ? random.nextInt(1_500)
              : bound == 1
                  ? random.nextInt(200_000)
                  : start.equals("timestamp") ? at + 1 + random.nextInt(400) : random(random, last);
      String name = bound == 0 ? "count" : bound == 1 ? "bytes" : "until";
      return new Query(start, at, random.nextInt(4) == 0, name, limit);
    }

    private static long random(Random random, long last) {
      return 900 + random.nextLong(last - 800);
    }

    private String text() {
      return "?" + start + "=" + at + "&" + bound + "=" + limit + (clamp ? "&clamp=true" : "");
    }

    /** The numbers of the records; null when the read is refused. */
    private @Nullable List<Long> foretold(boolean oneAnswer) {
      long from = from();
      if (from > ALL.size() && clamp) {
        from = ALL.size();
      }
      if (from >= ALL.size()) {
        return null;
      }
      List<Long> numbers = new ArrayList<>();
      long bytes = 0;
      for (int i = (int) Math.max(from, TRIMMED); i < ALL.size(); i++) {
        Sequenced record = ALL.get(i);
        bytes += metered(record);
        boolean fits =
            switch (bound) {
              case "count" -> numbers.size() < limit;
              case "bytes" -> bytes <= limit;
              default -> record.timestamp() < limit;
            };
        if (!fits || oneAnswer && (numbers.size() == MAX_COUNT || bytes > MAX_BYTES)) {
          break;
        }
        numbers.add(record.seq());
      }
      return numbers;
    }

    private long from() {
      return switch (start) {
        case "seq_num" -> at;
        case "tail_offset" -> Math.max(0, ALL.size() - at);
        default ->
            ALL.stream()
                .filter(record -> record.timestamp() >= at)
                .findFirst()
                .map(Sequenced::seq)
                .orElse((long) ALL.size());
      };
    }

    private static long metered(Sequenced record) {
      long size = 8 + record.body().size();
      for (Head header : record.headers()) {
        size += 2 + header.name().size() + header.value().size();
      }
      return size;
    }
  }
}
