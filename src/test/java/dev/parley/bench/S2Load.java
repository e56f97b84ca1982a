package dev.parley.bench;

import com.google.protobuf.ByteString;
import dev.parley.http.s2.proto.AppendAck;
import dev.parley.http.s2.proto.AppendInput;
import dev.parley.http.s2.proto.AppendRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLongArray;

/** One writer's append session, and one reader's read session, over HTTP/2 with frames. */
final class S2Load {
  private static final int STREAM = 1;

  /**
   * @param perSecond records acknowledged
   * @param latencies from the sending of an input to its acknowledgement
   */
  record Result(double perSecond, Latencies latencies) {}

  private S2Load() {}

  /**
   * Appends for so long.
   *
   * @param inFlight inputs that wait for their acknowledgement at most
   */
  static Result append(
      S2Target target, int recordsPerInput, int bodyBytes, int inFlight, double warmUp, double run)
      throws Exception {
    byte[] input = frame(input(recordsPerInput, bodyBytes));
    long from = System.nanoTime() + (long) (warmUp * 1e9);
    long to = from + (long) (run * 1e9);
    Semaphore window = new Semaphore(inFlight);
    AtomicLongArray sentAt = new AtomicLongArray(inFlight);
    try (Http2Wire wire = connect(target)) {
      wire.headers(STREAM, 0, target.headers("POST", ""));
      Acks acks = new Acks(wire, window, sentAt, recordsPerInput, from, to);
      acks.start();
      for (int i = 0; System.nanoTime() < to && acks.failure == null; i++) {
        window.acquire();
        sentAt.set(i % inFlight, System.nanoTime());
        wire.data(STREAM, input);
      }
      window.acquire(inFlight);
      if (acks.failure != null) {
        throw acks.failure;
      }
      return new Result(acks.records / run, Latencies.of(List.of(acks.latencies)));
    }
  }

  /** Fills the stream with so many records of so many bytes. */
  static void fill(S2Target target, int records, int bodyBytes) throws Exception {
    int perInput = 64;
    byte[] input = frame(input(perInput, bodyBytes));
    int inFlight = 32;
    Semaphore window = new Semaphore(inFlight);
    try (Http2Wire wire = connect(target)) {
      wire.headers(STREAM, 0, target.headers("POST", ""));
      Acks acks = new Acks(wire, window, new AtomicLongArray(inFlight), perInput, 0, 0);
      acks.start();
      for (int i = 0; i < records / perInput; i++) {
        window.acquire();
        wire.data(STREAM, input);
      }
      window.acquire(inFlight);
      if (acks.failure != null) {
        throw acks.failure;
      }
    }
  }

  /** Reads the stream from its beginning; megabytes (10^6) of bodies per second. */
  static double read(S2Target target, long bodyBytes, long records) throws IOException {
    long begin = System.nanoTime();
    try (Http2Wire wire = connect(target)) {
      wire.headers(
          STREAM, Http2Wire.END_STREAM, target.headers("GET", "?seq_num=0&count=" + records));
      long received = 0;
      while (true) {
        Http2Wire.Frame frame = wire.read();
        if (frame.type() == Http2Wire.RST_STREAM || frame.type() == Http2Wire.GO_AWAY) {
          throw new IOException("the server ended the stream");
        }
        if (frame.type() == Http2Wire.DATA) {
          received += frame.payload().length;
          if ((frame.flags() & Http2Wire.END_STREAM) != 0) {
            break;
          }
        }
      }
      if (received < bodyBytes) {
        throw new IOException("only " + received + " bytes came");
      }
    }
    return bodyBytes / 1e6 / ((System.nanoTime() - begin) / 1e9);
  }

  private static Http2Wire connect(S2Target target) throws IOException {
    Http2Wire wire = new Http2Wire(new Socket("127.0.0.1", target.port()));
    wire.preface();
    wire.openWindows();
    return wire;
  }

  private static byte[] input(int records, int bodyBytes) {
    AppendInput.Builder input = AppendInput.newBuilder();
    AppendRecord record =
        AppendRecord.newBuilder().setBody(ByteString.copyFromUtf8("z".repeat(bodyBytes))).build();
    for (int i = 0; i < records; i++) {
      input.addRecords(record);
    }
    return input.build().toByteArray();
  }

  static byte[] frame(byte[] payload) {
    int length = payload.length + 1;
    ByteArrayOutputStream frame = new ByteArrayOutputStream(length + 3);
    frame.write(length >> 16);
    frame.write(length >> 8);
    frame.write(length);
    frame.write(0);
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  /** Reads acknowledgements, checks their numbers and opens the window again. */
  private static final class Acks extends Thread {
    private final Http2Wire wire;
    private final Semaphore window;
    private final AtomicLongArray sentAt;
    private final int recordsPerInput;
    private final long from;
    private final long to;
    private final Latencies latencies = new Latencies();
    private byte[] held = new byte[0];
    private long acknowledged;
    private long records;
    private long next = -1;
    private volatile Exception failure;

    private Acks(
        Http2Wire wire,
        Semaphore window,
        AtomicLongArray sentAt,
        int recordsPerInput,
        long from,
        long to) {
      super("acks");
      this.wire = wire;
      this.window = window;
      this.sentAt = sentAt;
      this.recordsPerInput = recordsPerInput;
      this.from = from;
      this.to = to;
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        while (true) {
          Http2Wire.Frame frame = wire.read();
          if (frame.type() == Http2Wire.DATA) {
            acks(frame.payload());
          } else if (frame.type() == Http2Wire.RST_STREAM || frame.type() == Http2Wire.GO_AWAY) {
            throw new IOException("the server ended the session");
          }
        }
      } catch (IOException | RuntimeException e) {
        failure = e;
        window.release(sentAt.length());
      }
    }

    private void acks(byte[] chunk) throws IOException {
      byte[] all = chunk;
      if (held.length > 0) {
        all = Arrays.copyOf(held, held.length + chunk.length);
        System.arraycopy(chunk, 0, all, held.length, chunk.length);
      }
      int at = 0;
      while (all.length - at >= 4) {
        int length = (all[at] & 0xff) << 16 | (all[at + 1] & 0xff) << 8 | all[at + 2] & 0xff;
        if (all.length - at < 3 + length) {
          break;
        }
        if (all[at + 3] != 0) {
          throw new IOException(new String(all, at + 6, length - 3));
        }
        ack(AppendAck.parseFrom(ByteBuffer.wrap(all, at + 4, length - 1)));
        at += 3 + length;
      }
      held = Arrays.copyOfRange(all, at, all.length);
    }

    private void ack(AppendAck ack) throws IOException {
      long start = ack.getStart().getSeqNum();
      if ((next >= 0 && start != next) || ack.getEnd().getSeqNum() != start + recordsPerInput) {
        throw new IOException("acknowledged " + ack + " where " + next + " is next");
      }
      next = ack.getEnd().getSeqNum();
      long now = System.nanoTime();
      long sent = sentAt.get((int) (acknowledged++ % sentAt.length()));
      if (sent >= from && now < to) {
        latencies.add(now - sent);
      }
      if (now >= from && now < to) {
        records += recordsPerInput;
      }
      window.release();
    }
  }
}
