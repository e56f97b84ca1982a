package dev.parley.agent;

import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;

/** One JSON text in each line; blank lines mean nothing. */
final class NdjsonFraming implements Framing {
  private final LineDecoder lines = new LineDecoder(false);

  @Override
  public void feed(ByteString chunk, Consumer<Frame> sink) throws TooLongException {
    lines.feed(chunk, line -> accept(line, sink));
  }

  @Override
  public void end(Consumer<Frame> sink) {
    lines.end(line -> accept(line, sink));
  }

  private static void accept(String line, Consumer<Frame> sink) {
    if (!line.isBlank()) {
      sink.accept(new Frame(Frame.MESSAGE, line));
    }
  }
}
