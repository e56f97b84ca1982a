package dev.parley.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;

/** The doctor on a machine where no server answers. */
@FunctionalInterface
public interface LocalExamination {
  /** The checks that can be done without a server, each {@code {name,status,value,remedy?}}. */
  ArrayNode checks();
}
