package dev.parley.http.s2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames as clients send them, and bytes as nobody should. */
class FrameDecoderTest {
  private static final int ZSTD = 0x20;
  private static final int GZIP = 0x40;

  @Property(tries = 300)
  void payloads_are_the_same_wherever_chunks_begin_and_end(
      @ForAll @Size(max = 8) List<@Size(max = 3_000) byte[]> payloads,
      @ForAll @IntRange(min = 1, max = 5_000) int chunk,
      @ForAll @IntRange(min = 0, max = 2) int packing) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] payload : payloads) {
      body.writeBytes(
          switch (packing) {
            case 0 -> frame(0, payload);
            case 1 -> frame(GZIP, gzip(payload));
            default -> frame(ZSTD, Zstd.compress(payload));
          });
    }
    List<ByteString> found = decode(body.toByteArray(), chunk);
    assertThat(found)
        .containsExactlyElementsOf(payloads.stream().map(ByteString::copyFrom).toList());
  }

  @Property(tries = 2_000)
  void any_bytes_are_frames_or_a_bad_frame_and_nothing_else(
      @ForAll @Size(max = 2_000) byte[] bytes, @ForAll @IntRange(min = 1, max = 500) int chunk) {
    assertFramesOrBadFrame(bytes, chunk);
  }

  @Property(tries = 2_000)
  void a_damaged_frame_is_a_frame_or_a_bad_frame_and_nothing_else(
      @ForAll @Size(min = 1, max = 500) byte[] payload,
      @ForAll @IntRange(min = 0, max = 2) int packing,
      @ForAll long seed) {
    Random random = new Random(seed);
    byte[] frame =
        switch (packing) {
          case 0 -> frame(0, payload);
          case 1 -> frame(GZIP, gzip(payload));
          default -> frame(ZSTD, Zstd.compress(payload));
        };
    for (int i = random.nextInt(4); i >= 0; i--) {
      frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
    }
    byte[] cut = Arrays.copyOf(frame, 1 + random.nextInt(frame.length));
    assertFramesOrBadFrame(random.nextBoolean() ? frame : cut, 1 + random.nextInt(frame.length));
  }

  private static void assertFramesOrBadFrame(byte[] bytes, int chunk) {
    try {
      for (ByteString payload : decode(bytes, chunk)) {
        assertThat(payload.size()).isLessThanOrEqualTo(Frame.MAX_PAYLOAD);
      }
    } catch (S2Refused refused) {
      assertBadFrame(refused);
    }
  }

  private static void assertBadFrame(S2Refused refused) {
    assertThat(refused.error().status()).isEqualTo(400);
    assertThat(refused.error().body().get("code").asText()).isEqualTo("bad_frame");
  }

  @ParameterizedTest
  @CsvSource({
    "000000, length 0",
    "200001, longer than a frame may be",
    "ffffff, longer than a frame may be",
    "00000180, terminal",
    "000003800190, terminal",
    "00000160, both compressions at once",
    "0000044a000000, no gzip",
    "00000424000000, no zstd",
  })
  void what_a_client_may_not_send_is_a_bad_frame(String hex, String why) {
    FrameDecoder decoder = new FrameDecoder();
    decoder.feed(java.util.HexFormat.of().parseHex(hex));
    S2Refused refused = catchThrowableOfType(S2Refused.class, decoder::next);
    assertThat(refused).as(why).isNotNull();
    assertBadFrame(refused);
  }

  @Test
  void a_length_over_the_limit_is_refused_before_the_bytes_come() {
    FrameDecoder decoder = new FrameDecoder();
    decoder.feed(new byte[] {0x20, 0x00, 0x01});
    assertBadFrame(catchThrowableOfType(S2Refused.class, decoder::next));
  }

  @Test
  void the_largest_frame_passes() {
    byte[] payload = new byte[Frame.MAX_PAYLOAD];
    payload[payload.length - 1] = 7;
    assertThat(decode(frame(0, payload), 16_384)).containsExactly(ByteString.copyFrom(payload));
  }

  @Test
  void bombs_are_not_unpacked() {
    byte[] zeros = new byte[10 * Frame.MAX_PAYLOAD];
    for (byte[] frame : List.of(frame(GZIP, gzip(zeros)), frame(ZSTD, Zstd.compress(zeros)))) {
      FrameDecoder decoder = new FrameDecoder();
      decoder.feed(frame);
      assertBadFrame(catchThrowableOfType(S2Refused.class, decoder::next));
    }
  }

  @Test
  void the_largest_payload_may_be_compressed_and_one_byte_more_may_not() {
    byte[] largest = new byte[Frame.MAX_PAYLOAD];
    byte[] larger = new byte[Frame.MAX_PAYLOAD + 1];
    assertThat(decode(frame(GZIP, gzip(largest)), 1_000)).hasSize(1);
    assertThat(decode(frame(ZSTD, Zstd.compress(largest)), 1_000)).hasSize(1);
    for (byte[] frame : List.of(frame(GZIP, gzip(larger)), frame(ZSTD, Zstd.compress(larger)))) {
      assertBadFrame(catchThrowableOfType(S2Refused.class, () -> decode(frame, 1_000)));
    }
  }

  private static List<ByteString> decode(byte[] body, int chunk) {
    FrameDecoder decoder = new FrameDecoder();
    List<ByteString> found = new ArrayList<>();
    for (int at = 0; at < body.length; at += chunk) {
      decoder.feed(Arrays.copyOfRange(body, at, Math.min(body.length, at + chunk)));
      for (Optional<ByteString> next = decoder.next(); next.isPresent(); next = decoder.next()) {
        found.add(next.get());
      }
    }
    return found;
  }

  private static byte[] frame(int flags, byte[] payload) {
    int length = payload.length + 1;
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(length >> 16);
    frame.write(length >> 8);
    frame.write(length);
    frame.write(flags);
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }
}
