package dev.parley.http.s2;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStream;
import dev.parley.http.Answer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * One s2s frame (s2.md section 4.4).
 *
 * @param payload as on the wire
 */
record S2Frame(int flag, byte[] payload) {
  static final int TERMINAL = 0x80;
  static final int GZIP = 0x40;
  static final int ZSTD = 0x20;
  static final int MAX_LENGTH = 2_097_152;

  boolean isTerminal() {
    return (flag & TERMINAL) != 0;
  }

  int status() {
    return (payload[0] & 255) << 8 | payload[1] & 255;
  }

  JsonNode error() {
    return Answer.parse(new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8));
  }

  /** The message, unpacked if need be. */
  byte[] message() {
    return switch (flag) {
      case 0 -> payload;
      case GZIP -> gunzip(payload);
      case ZSTD -> unzstd(payload);
      default -> throw new AssertionError("flag " + Integer.toHexString(flag));
    };
  }

  /** The frame around a message that is not compressed. */
  static byte[] of(byte[] message) {
    return of(0, message);
  }

  static byte[] of(S2Messages.Input input) {
    return of(0, input.encode());
  }

  static byte[] of(int flag, byte[] payload) {
    byte[] frame = head(payload.length + 1, flag, payload.length);
    System.arraycopy(payload, 0, frame, 4, payload.length);
    return frame;
  }

  /** A frame of noughts that claims a length of its own. */
  static byte[] head(int claimed, int flag, int payloadLength) {
    byte[] frame = new byte[4 + payloadLength];
    frame[0] = (byte) (claimed >> 16);
    frame[1] = (byte) (claimed >> 8);
    frame[2] = (byte) claimed;
    frame[3] = (byte) flag;
    return frame;
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }

  static byte[] gzip(byte[] message) {
    try {
      ByteArrayOutputStream packed = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
        gzip.write(message);
      }
      return packed.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] zstd(byte[] message) {
    return Zstd.compress(message);
  }

  private static byte[] unzstd(byte[] packed) {
    try {
      return new ZstdInputStream(new ByteArrayInputStream(packed)).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] gunzip(byte[] packed) {
    try {
      return new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
