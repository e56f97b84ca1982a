package dev.parley.entity.webchat;

/** What has happened to an event. */
sealed interface EntryPointEvent {
  /** It leads there now. */
  record Put(EntryPoint entryPoint) implements EntryPointEvent {}

  /** It leads nowhere any more. */
  record Removed() implements EntryPointEvent {}
}
