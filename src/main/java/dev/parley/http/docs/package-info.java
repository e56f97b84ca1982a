/**
 * What can be asked of this server, for programs ({@code /openapi.json}) and for people ({@code
 * /docs}). The descriptions are in {@code src/main/resources/openapi}, one file for each face;
 * tests hold all answers against them.
 */
@NullMarked
package dev.parley.http.docs;

import org.jspecify.annotations.NullMarked;
