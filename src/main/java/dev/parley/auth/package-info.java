/**
 * Who is asking, and what may they do: environments and their secret keys, public access tokens and
 * their scopes, and the credentials of the stream data plane. Everything here is decided from the
 * request's own text, the configured keys and an injected clock; nothing is stored, and nothing a
 * stranger sends can make it throw.
 */
@NullMarked
package dev.parley.auth;

import org.jspecify.annotations.NullMarked;
