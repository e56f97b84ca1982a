package dev.parley.agent;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** What answers one kind of endpoint gives. */
interface AnswerFormat {
  /**
   * What reads the answer.
   *
   * @param status a success, 200 to 299
   * @param mediaType without parameters, in lower case; empty when there is none
   * @param endIsSure whether the end of the body can be told from a connection that broke
   */
  AnswerReader reader(int status, String mediaType, boolean endIsSure);

  /** A short name for the error that this document describes, for the operator's eyes too. */
  Optional<String> errorName(JsonNode document);
}
