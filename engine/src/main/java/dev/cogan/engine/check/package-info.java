/**
 * Numerical checks of hand-written gradients: what the tests run and {@code cogan gradcheck} shows.
 */
package dev.cogan.engine.check;
