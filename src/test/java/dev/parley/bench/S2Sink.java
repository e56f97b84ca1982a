package dev.parley.bench;

import dev.parley.http.s2.proto.AppendAck;
import dev.parley.http.s2.proto.AppendInput;
import dev.parley.http.s2.proto.StreamPosition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;

/**
 * Takes one append session and acknowledges everything at once, out of memory. What a load reaches
 * against it is the load's own limit.
 */
final class S2Sink implements AutoCloseable {
  private static final int STATUS_200 = 0x88;

  private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  private final Thread thread = new Thread(this::serve, "sink");

  S2Sink() throws IOException {
    thread.setDaemon(true);
    thread.start();
  }

  S2Target target() {
    return new S2Target(listener.getLocalPort(), "none", "none", "none");
  }

  private void serve() {
    try (Http2Wire wire = new Http2Wire(listener.accept())) {
      wire.in().readNBytes(Http2Wire.PREFACE.length);
      wire.openWindows();
      ByteArrayOutputStream held = new ByteArrayOutputStream();
      long next = 0;
      while (true) {
        Http2Wire.Frame frame = wire.read();
        if (frame.type() == Http2Wire.HEADERS) {
          wire.headers(frame.stream(), 0, new byte[] {(byte) STATUS_200});
        } else if (frame.type() == Http2Wire.DATA) {
          held.writeBytes(frame.payload());
          ByteBuffer bytes = ByteBuffer.wrap(held.toByteArray());
          ByteArrayOutputStream acks = new ByteArrayOutputStream();
          while (bytes.remaining() >= 4) {
            int length = bytes.getInt(bytes.position()) >>> 8;
            if (bytes.remaining() < 3 + length) {
              break;
            }
            ByteBuffer payload = bytes.slice(bytes.position() + 4, length - 1);
            long end = next + AppendInput.parseFrom(payload).getRecordsCount();
            acks.writeBytes(S2Load.frame(ack(next, end)));
            next = end;
            bytes.position(bytes.position() + 3 + length);
          }
          held.reset();
          held.write(bytes.array(), bytes.position(), bytes.remaining());
          wire.data(frame.stream(), acks.toByteArray());
        }
      }
    } catch (IOException e) {
      // The load has done what it wanted and hung up.
    }
  }

  private static byte[] ack(long start, long end) {
    StreamPosition last = StreamPosition.newBuilder().setSeqNum(end).setTimestamp(1).build();
    return AppendAck.newBuilder()
        .setStart(StreamPosition.newBuilder().setSeqNum(start).setTimestamp(1))
        .setEnd(last)
        .setTail(last)
        .build()
        .toByteArray();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
