package dev.parley.entity.webchat;

import org.jspecify.annotations.Nullable;

/**
 * Where an event leads. Immutable.
 *
 * @param entryPoint null for nowhere
 */
record EntryPointState(@Nullable EntryPoint entryPoint) {
  static final EntryPointState NOWHERE = new EntryPointState(null);

  EntryPointState after(EntryPointEvent event) {
    return event instanceof EntryPointEvent.Put put
        ? new EntryPointState(put.entryPoint())
        : NOWHERE;
  }
}
