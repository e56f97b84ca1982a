package dev.parley.http.s2;

import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Unpacks payloads, none further than a payload may be. */
final class Decompression {
  /** A frame that asks for more memory than 8 MiB to be unpacked is not from our clients. */
  private static final int MAX_ZSTD_WINDOW_LOG = 23;

  private Decompression() {}

  /**
   * @throws S2Refused 400 {@code bad_frame} when it can't be unpacked or is too large
   */
  static byte[] gzip(byte[] packed) {
    try (InputStream input = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      return unpack(input);
    } catch (IOException e) {
      throw FrameDecoder.bad("the payload is no gzip");
    }
  }

  /**
   * @throws S2Refused 400 {@code bad_frame} when it can't be unpacked or is too large
   */
  static byte[] zstd(byte[] packed) {
    if (packed.length == 0) {
      throw FrameDecoder.bad("the payload is no zstd");
    }
    try (ZstdInputStream input = new ZstdInputStream(new ByteArrayInputStream(packed))) {
      input.setLongMax(MAX_ZSTD_WINDOW_LOG);
      return unpack(input);
    } catch (IOException e) {
      throw FrameDecoder.bad("the payload is no zstd");
    }
  }

  private static byte[] unpack(InputStream input) throws IOException {
    byte[] bytes = input.readNBytes(Frame.MAX_PAYLOAD + 1);
    if (bytes.length > Frame.MAX_PAYLOAD) {
      throw FrameDecoder.bad("the payload is larger than " + Frame.MAX_PAYLOAD + " bytes");
    }
    return bytes;
  }
}
