package dev.parley.agent;

import java.util.List;
import java.util.Set;
import org.apache.pekko.util.ByteString;

/** The forms in which answers come, by the media type that announces them. */
enum MediaTypes {
  JSON,
  EVENTS,
  LINES,
  OTHER;

  private static final Set<String> LINE_TYPES =
      Set.of(
          "application/x-ndjson",
          "application/ndjson",
          "application/jsonl",
          "application/x-jsonlines",
          "application/jsonlines");

  /**
   * @param mediaType without parameters, in lower case
   */
  static MediaTypes of(String mediaType) {
    if (mediaType.equals("text/event-stream")) {
      return EVENTS;
    }
    if (LINE_TYPES.contains(mediaType)) {
      return LINES;
    }
    return mediaType.equals("application/json") || mediaType.endsWith("+json") ? JSON : OTHER;
  }

  /** Reads nothing. */
  static AnswerReader refusing(String expected) {
    List<AgentOutput> failure =
        List.of(
            new AgentOutput.Failed(
                "The agent's answer is of a type other than " + expected + ".", false));
    return new AnswerReader() {
      @Override
      public List<AgentOutput> read(ByteString bytes) {
        return failure;
      }

      @Override
      public List<AgentOutput> end() {
        return failure;
      }
    };
  }
}
