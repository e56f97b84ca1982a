package dev.parley.http.socketio;

import java.util.List;

/** A WebSocket as its connection sees it. All methods only leave word. */
interface WebSocketChannel {
  /** Asks for the next packet. To be called once for each that was received, and once at first. */
  void next();

  /** Writes the packets. To be called when the channel is writable, which it then no longer is. */
  void write(List<Encoded> packets);

  /** Closes after what was written. */
  void close();

  /** Closes at once; what the client has not read is dropped. */
  void abort();
}
