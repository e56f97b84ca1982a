package dev.parley.ops.logs;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;

/** Makes lines of the log of what a library prints. */
final class PrintedLines extends OutputStream {
  private final Logger log;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  PrintedLines(Logger log) {
    this.log = log;
  }

  @Override
  public synchronized void write(int b) {
    if (b != '\n') {
      line.write(b);
    } else {
      log.info("{}", line.toString(StandardCharsets.UTF_8));
      line.reset();
    }
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int length) {
    for (int i = from; i < from + length; i++) {
      write(bytes[i]);
    }
  }
}
