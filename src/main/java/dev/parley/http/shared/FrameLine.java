package dev.parley.http.shared;

import java.util.List;

/** A WebSocket as its actor sees it. All methods only leave word. */
public interface FrameLine {
  /** Asks for the next frame. To be called once for each that was received, and once at first. */
  void next();

  /** Writes frames of text. To be called when the line is writable, which it then no longer is. */
  void write(List<String> frames);

  /** Closes after what was written. */
  void close();

  /** Ends at once; what the client has not read is dropped. */
  void abort();
}
