package dev.parley.http.s2;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One frame of an s2s stream (s2.md section 4.4): three bytes of length, which counts the flag and
 * the payload, one byte of flags, the payload.
 */
final class Frame {
  /** The flag and the payload together. */
  static final int MAX_LENGTH = 2_097_152;

  /** Of a payload once it is no longer compressed. */
  static final int MAX_PAYLOAD = MAX_LENGTH - 1;

  static final int LENGTH_BYTES = 3;
  static final int TERMINAL = 0x80;
  static final int COMPRESSION = 0x60;
  static final int ZSTD = 0x20;
  static final int GZIP = 0x40;

  private static final int HEADER_BYTES = LENGTH_BYTES + 1;

  private Frame() {}

  /**
   * A frame with a message, not compressed.
   *
   * @param message of at most {@link #MAX_PAYLOAD} bytes
   */
  static byte[] of(MessageLite message) {
    int size = message.getSerializedSize();
    byte[] bytes = header(0, size);
    CodedOutputStream output = CodedOutputStream.newInstance(bytes, HEADER_BYTES, size);
    try {
      message.writeTo(output);
    } catch (IOException e) {
      throw new IllegalStateException("the array has the size that the message asked for", e);
    }
    return bytes;
  }

  /** The last frame of a session that failed. */
  static byte[] terminal(int status, byte[] json) {
    byte[] bytes = header(TERMINAL, Short.BYTES + json.length);
    ByteBuffer.wrap(bytes).position(HEADER_BYTES).putShort((short) status).put(json);
    return bytes;
  }

  /** An array for the whole frame, with length and flags in it. */
  private static byte[] header(int flags, int payload) {
    if (payload > MAX_PAYLOAD) {
      throw new IllegalArgumentException("a payload of " + payload + " bytes fits into no frame");
    }
    byte[] bytes = new byte[HEADER_BYTES + payload];
    int length = 1 + payload;
    bytes[0] = (byte) (length >> 16);
    bytes[1] = (byte) (length >> 8);
    bytes[2] = (byte) length;
    bytes[3] = (byte) flags;
    return bytes;
  }
}
