/**
 * The doctor (web-runtime.md section 9): checks of what operators otherwise look after by hand,
 * each with what was seen and what to do. It changes nothing, and no value shows a secret.
 */
@NullMarked
package dev.parley.ops.doctor;

import org.jspecify.annotations.NullMarked;
