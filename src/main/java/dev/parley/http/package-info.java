/** The port that all faces share; each face is a sub-package. */
@NullMarked
package dev.parley.http;

import org.jspecify.annotations.NullMarked;
