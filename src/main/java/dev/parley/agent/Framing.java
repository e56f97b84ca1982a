package dev.parley.agent;

import java.util.function.Consumer;
import org.apache.pekko.util.ByteString;

/** Finds the messages in a body that is a stream of them. To be used for one body. */
interface Framing {
  /**
   * Takes in what has arrived and hands out the messages that it ends.
   *
   * @throws TooLongException when a message is longer than {@link LineDecoder#MAX_LINE}; those
   *     before it have been handed out
   */
  void feed(ByteString chunk, Consumer<Frame> sink) throws TooLongException;

  /**
   * Hands out what the end of the body ends.
   *
   * @throws TooLongException as above
   */
  void end(Consumer<Frame> sink) throws TooLongException;

  /**
   * A message.
   *
   * @param event its kind; {@code message} when it names none
   */
  record Frame(String event, String data) {
    static final String MESSAGE = "message";
  }
}
