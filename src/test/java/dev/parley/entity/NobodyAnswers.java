package dev.parley.entity;

/** For sessions without an agent, which never have a turn to work on. */
public final class NobodyAnswers {
  public static final Answering INSTANCE =
      (session, agentId, turn) -> {
        throw new AssertionError(session + " has no agent, but " + turn);
      };

  private NobodyAnswers() {}
}
