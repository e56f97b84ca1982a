package dev.parley.http.s2;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds the payloads of the frames that a client sends, wherever the chunks of its body begin and
 * end. Holds no more than has been fed and not been taken.
 */
final class FrameDecoder {
  private byte[] buffer = new byte[0];
  private int start;
  private int end;

  /** Takes in what has arrived. */
  void feed(byte[] chunk) {
    if (start == end) {
      buffer = chunk;
      start = 0;
      end = chunk.length;
      return;
    }
    int held = end - start;
    if (held + chunk.length > buffer.length || start > 0) {
      byte[] next = new byte[Math.max(held + chunk.length, room(held))];
      System.arraycopy(buffer, start, next, 0, held);
      buffer = next;
      start = 0;
      end = held;
    }
    System.arraycopy(chunk, 0, buffer, end, chunk.length);
    end += chunk.length;
  }

  /** Twice what is there, so that a long frame is copied a few times only. */
  private static int room(int held) {
    return Math.min(2 * held, Frame.LENGTH_BYTES + Frame.MAX_LENGTH);
  }

  /**
   * The payload of the next frame, decompressed; empty when it is not here as a whole. The bytes
   * are never written again.
   *
   * @throws S2Refused 400 {@code bad_frame} when it is none that a client may send
   */
  Optional<ByteString> next() {
    if (end - start < Frame.LENGTH_BYTES) {
      return Optional.empty();
    }
    int length =
        (buffer[start] & 0xff) << 16 | (buffer[start + 1] & 0xff) << 8 | buffer[start + 2] & 0xff;
    if (length < 1 || length > Frame.MAX_LENGTH) {
      throw bad("length " + length + ", must be 1.." + Frame.MAX_LENGTH);
    }
    int flagAt = start + Frame.LENGTH_BYTES;
    if (end - flagAt < length) {
      return Optional.empty();
    }
    int flags = buffer[flagAt] & 0xff;
    start = flagAt + length;
    return Optional.of(payload(flags, Arrays.copyOfRange(buffer, flagAt + 1, start)));
  }

  /** Whether a frame has begun and not ended. */
  boolean isInsideFrame() {
    return end > start;
  }

  private static ByteString payload(int flags, byte[] bytes) {
    if ((flags & Frame.TERMINAL) != 0) {
      throw bad("only the server ends a session by a terminal frame");
    }
    return switch (flags & Frame.COMPRESSION) {
      case 0 -> UnsafeByteOperations.unsafeWrap(bytes);
      case Frame.GZIP -> UnsafeByteOperations.unsafeWrap(Decompression.gzip(bytes));
      case Frame.ZSTD -> UnsafeByteOperations.unsafeWrap(Decompression.zstd(bytes));
      default -> throw bad("unknown compression");
    };
  }

  /** The error for bytes that are no frame. */
  static S2Refused bad(String detail) {
    return S2Error.of(400, "bad_frame", "bad frame: " + detail).refused();
  }
}
