package dev.parley.agent;

import java.util.List;
import org.apache.pekko.util.ByteString;

/**
 * Understands the body of an answer while it arrives. Pure and to be used for one body. The same
 * bytes give the same outputs wherever their pieces begin and end. After an output that is an end,
 * nothing follows.
 */
interface AnswerReader {
  /** The outputs that these bytes make complete. */
  List<AgentOutput> read(ByteString bytes);

  /** The outputs that the end of the body makes complete. The body was not broken off. */
  List<AgentOutput> end();
}
