package dev.parley.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;

/**
 * Server-sent events as the HTML standard has them, with one leniency: the end of the body ends an
 * event that no blank line has ended. Comments, ids and retry times mean nothing here.
 */
final class SseFraming implements Framing {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final LineDecoder lines = new LineDecoder(true);
  private boolean first = true;
  private String event = "";
  private StringBuilder data = new StringBuilder();
  private boolean hasData;

  @Override
  public void feed(ByteString chunk, Consumer<Frame> sink) throws TooLongException {
    List<String> found = new ArrayList<>();
    try {
      lines.feed(chunk, found::add);
    } finally {
      // What stands before a line that is too long was sent all the same.
      accept(found, sink);
    }
  }

  @Override
  public void end(Consumer<Frame> sink) throws TooLongException {
    List<String> found = new ArrayList<>();
    lines.end(found::add);
    found.add("");
    accept(found, sink);
  }

  private void accept(List<String> found, Consumer<Frame> sink) throws TooLongException {
    for (String line : found) {
      accept(first && line.startsWith(BYTE_ORDER_MARK) ? line.substring(1) : line, sink);
      first = false;
    }
  }

  private void accept(String line, Consumer<Frame> sink) throws TooLongException {
    if (line.isEmpty()) {
      if (hasData) {
        sink.accept(new Frame(event.isEmpty() ? Frame.MESSAGE : event, data.toString()));
      }
      event = "";
      data = new StringBuilder();
      hasData = false;
      return;
    }
    int colon = line.indexOf(':');
    String field = colon < 0 ? line : line.substring(0, colon);
    String value = colon < 0 ? "" : line.substring(colon + 1);
    value = value.startsWith(" ") ? value.substring(1) : value;
    if (field.equals("data")) {
      addData(value);
    } else if (field.equals("event")) {
      event = value;
    }
  }

  private void addData(String value) throws TooLongException {
    if (data.length() + value.length() >= LineDecoder.MAX_LINE) {
      throw new TooLongException("an event of more than " + LineDecoder.MAX_LINE + " characters");
    }
    if (hasData) {
      data.append('\n');
    }
    data.append(value);
    hasData = true;
  }
}
