package dev.parley.agent;

/** What an endpoint says about a model. */
public enum ModelState {
  /** It is in the list of models. */
  THERE,
  /** There is a list, and the model is not in it. */
  GONE,
  /** The endpoint has no list, or none that can be read; the model may be there. */
  NOT_LISTED,
  /** The endpoint does not take the key. */
  KEY_REFUSED,
  /** No answer, or not in time, or from an address that is not permitted. */
  AWAY
}
