/**
 * Accounts and browser sessions on the wire: signing up, in and out, who somebody is, and the
 * one-time hand-off to a realtime worker (web-runtime.md sections 1, 2 and 6, across.md sections 7
 * and 8). Errors have the shape of the control plane.
 */
@NullMarked
package dev.parley.http.web;

import org.jspecify.annotations.NullMarked;
